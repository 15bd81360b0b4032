// Makes graphiql.js, graphiql.css and LICENCES.txt in the folder named, or in graph/http/assets.
//
//   npm ci && npm run build
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? path.join(here, '../../graph/http/assets');

// Fonts and images are data within GraphiQL's style; style.css does without both.
const withoutData = {
  name: 'without-data',
  setup(build) {
    build.onLoad({ filter: /graphiql\/dist\/style\.css$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const contents = text
        .replace(/@font-face\s*{[^}]*}/g, '')
        .replace(/url\("data:image[^)]*\)/g, 'none');
      return { contents, loader: 'css' };
    });
  },
};

// Icons are titled, for who hears the page, by the names of functions, which minifying shortens.
const withTitles = {
  name: 'with-titles',
  setup(build) {
    build.onLoad({ filter: /@graphiql\/react\/dist\/icons\/index\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const contents = text
        .replace(/generateIcon\((Svg\w+)\)/g, "generateIcon($1, '$1')")
        .replace('generateIcon(RawComponent) {', 'generateIcon(RawComponent, name) {')
        .replaceAll('RawComponent.name', 'name');
      return { contents, loader: 'js' };
    });
  },
};

const modules = path.join(here, 'node_modules');
const { metafile } = await esbuild.build({
  absWorkingDir: here,
  entryPoints: { graphiql: 'main.jsx' },
  outdir: target,
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  jsx: 'automatic',
  charset: 'utf8',
  legalComments: 'none', // LICENCES.txt has them
  define: { 'process.env.NODE_ENV': '"production"' },
  alias: {
    // Their indexes bring parts that are never used.
    '@headlessui/react': path.join(modules, '@headlessui/react/dist/components/combobox/combobox.js'),
    entities: path.join(modules, 'entities/lib/esm/decode.js'),
    'framer-motion': path.join(here, 'tabs.jsx'),
    'react-style-singleton': path.join(here, 'no-styles.js'),
  },
  plugins: [withoutData, withTitles],
  metafile: true,
  logLevel: 'warning',
});

const folders = new Set(
  Object.keys(metafile.inputs)
    .map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1])
    .filter(Boolean),
);
// Packages of one house share their text, which then stands once.
const holders = new Map();
for (const folder of [...folders].sort()) {
  const { name, text } = await licence(folder);
  holders.set(text, [...(holders.get(text) ?? []), name]);
}
const parts = [...holders].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
await writeFile(path.join(target, 'LICENCES.txt'), parts.join(`\n${'-'.repeat(78)}\n\n`));

// What was made, for the test that compares it with what is committed.
console.log(JSON.stringify(['graphiql.js', 'graphiql.css', 'LICENCES.txt']));

async function licence(folder) {
  const about = JSON.parse(await readFile(path.join(here, folder, 'package.json'), 'utf8'));
  const files = await readdir(path.join(here, folder));
  const file = files.find((each) => /^licen[cs]e/i.test(each));
  const text = file
    ? await readFile(path.join(here, folder, file), 'utf8')
    : `${about.license}, by ${author(about)}; the package has no text of it.`;
  return { name: `${about.name} ${about.version}`, text: text.trim().replace(/\r\n/g, '\n') };
}

function author({ author, repository, name }) {
  return author?.name ?? author ?? repository?.url ?? repository ?? name;
}
