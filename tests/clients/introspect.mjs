// Prints, for each form of the introspection that tools ask, the schema that they build from it.
import { buildClientSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql';

const options = ['descriptions', 'specifiedByUrl', 'directiveIsRepeatable', 'schemaDescription', 'inputValueDeprecation', 'oneOf'];
const every = Object.fromEntries(options.map((name) => [name, true]));
const forms = { 'the shortest': { descriptions: false }, 'the default': {}, 'the whole': every };
const built = {};
for (const [name, form] of Object.entries(forms)) {
  const response = await fetch(process.argv[2], {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: getIntrospectionQuery(form), operationName: 'IntrospectionQuery' }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`${name}: ${errors[0].message}`);
  built[name] = printSchema(lexicographicSortSchema(buildClientSchema(data)));
}
console.log(JSON.stringify(built));
