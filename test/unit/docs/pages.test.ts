import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const pages = globSync('**/*.md', {
  exclude: (path) => /(^|[/\\])(node_modules|\.[a-z]+|dist)([/\\]|$)/.test(path),
}).map((path) => path.replaceAll('\\', '/'));

/** Without code, in which brackets are something else. */
function textOf(page: string): string {
  return readFileSync(page, 'utf8')
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ''));
}

function linksIn(page: string): string[] {
  return [...textOf(page).matchAll(/\]\(([^()\s]+)\)/g)].flatMap(([, to = '']) =>
    /^[a-z]+:/.test(to) ? [] : [to],
  );
}

/** As GitHub makes them: lower case, without punctuation, hyphens for spaces. */
function anchorsOf(page: string): string[] {
  const headings = readFileSync(page, 'utf8')
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function isThere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#', 2);
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(file)) return false;
  return anchor === undefined || anchorsOf(file).includes(anchor);
}

describe('links', () => {
  test('are found', () => {
    expect(pages).toContain('docs/deploying.md');
    expect(linksIn('README.md')).toContain('docs/manage.md');
    expect(isThere('README.md', 'docs/nowhere.md')).toBe(false);
    expect(isThere('README.md', 'docs/manage.md#nothing')).toBe(false);
  });

  test.each(pages)('of %s lead to files and headings that are there', (page) => {
    expect(linksIn(page).filter((link) => !isThere(page, link))).toEqual([]);
  });

  test('lead from README.md to every page of docs/', () => {
    const named = new Set(linksIn('README.md').map((link) => link.split('#')[0]));
    expect(pages.filter((page) => /^docs\/[^/]+$/.test(page) && !named.has(page))).toEqual([]);
  });
});

const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync('package.json', 'utf8')).scripts;

test.each(pages)('%s names commands of npm that are there', (page) => {
  const named = [...readFileSync(page, 'utf8').matchAll(/npm run (?:-s )?([a-z][a-z0-9:-]*)/g)];
  expect(named.map(([, name = '']) => name).filter((name) => scripts[name] === undefined)).toEqual([]);
});
