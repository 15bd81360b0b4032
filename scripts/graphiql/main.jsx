// GraphiQL at the endpoint's own address, with the questions that the page brings along.
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { ToolbarButton, useOperationsEditorState, useVariablesEditorState } from '@graphiql/react';
import { GraphiQL } from 'graphiql';
import { Kind, parse } from 'graphql';
import './style.css';

const ENDPOINT = location.pathname;

async function fetcher({ operationName, ...question }, { headers } = {}) {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(isSeveral(question.query) ? { ...question, operationName } : question),
  });
  return response.json();
}

// For a moment after another tab is opened, the name that GraphiQL gives is that of the last one.
function isSeveral(text) {
  try {
    const { definitions } = parse(text);
    return definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length > 1;
  } catch {
    return false; // the server tells what is wrong
  }
}

// A shared question stands behind the # of the address, which browsers keep to themselves.
function shared() {
  const given = new URLSearchParams(location.hash.slice(1));
  const query = given.get('query');
  return query ? { query, variables: given.get('variables') ?? undefined } : undefined;
}

function Share() {
  const [query] = useOperationsEditorState();
  const [variables] = useVariablesEditorState();
  const [isCopied, setIsCopied] = useState(false);
  async function share() {
    const given = new URLSearchParams({ query });
    if (variables?.trim()) given.set('variables', variables);
    history.replaceState(null, '', `#${given}`);
    // Only pages of secure origins may write to the clipboard; the address bar has the link.
    await navigator.clipboard?.writeText(location.href).catch(() => {});
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), 2000);
  }
  return (
    <ToolbarButton onClick={share} label={isCopied ? 'Link copied' : 'Copy a link to this query'}>
      <svg className="graphiql-toolbar-icon" viewBox="0 0 24 24" fill="none" aria-hidden="true">
        <path
          d="M10 14a4 4 0 0 0 6 .5l3.5-3.5a4.2 4.2 0 0 0-6-6L12 6.5m2 3.5a4 4 0 0 0-6-.5L4.5 13a4.2 4.2 0 0 0 6 6l1.5-1.5"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
        />
      </svg>
    </ToolbarButton>
  );
}

const examples = JSON.parse(document.getElementById('examples').textContent);
const given = shared();
addEventListener('hashchange', () => location.reload());
// The search of the documentation says « Ctrl K » and hears ⌘ K alone.
addEventListener('keydown', (event) => {
  const search = document.querySelector('[data-cy="doc-explorer-input"]');
  if (event.ctrlKey && event.key === 'k' && search) {
    event.preventDefault();
    search.focus();
  }
});
createRoot(document.getElementById('graphiql')).render(
  <GraphiQL
    fetcher={fetcher}
    query={given?.query}
    variables={given?.variables}
    defaultQuery=""
    defaultTabs={[...(given ? [given] : []), ...examples.map((query) => ({ query }))]}
    defaultEditorToolsVisibility={given?.variables ? 'variables' : undefined}
    inputValueDeprecation
    schemaDescription
    shouldPersistHeaders={false}
  >
    <GraphiQL.Logo>Terrigraph</GraphiQL.Logo>
    <GraphiQL.Toolbar>
      {({ prettify, copy, merge }) => (
        <>
          {prettify}
          {merge}
          {copy}
          <Share />
        </>
      )}
    </GraphiQL.Toolbar>
    <GraphiQL.Footer>
      <a href="schema.graphql">Schema</a> · <a href="limits">Limits</a> ·{' '}
      <a href="errors">Errors</a>
    </GraphiQL.Footer>
  </GraphiQL>,
);
