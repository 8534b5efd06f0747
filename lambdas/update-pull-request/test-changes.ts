import type { TestChange } from '../../domain/build-result';
import { codeSpan, inlineText } from '../../domain/markdown';

const MOST_NAMED = 20;

const nameOf = ({ path, kind, parts }: TestChange): string => {
  const what = kind === 'deleted' ? ['deleted'] : parts;
  return codeSpan(path) + (what.length > 0 ? ` (${inlineText(what.join(', '))})` : '');
};

const LINES: readonly { readonly title: string; readonly kinds: readonly TestChange['kind'][] }[] = [
  { title: 'Changes how it is tested', kinds: ['setting'] },
  { title: 'Changes or deletes tests', kinds: ['deleted', 'changed'] },
  { title: 'Leaves code out of coverage', kinds: ['unmeasured'] },
  { title: 'Leaves tests out', kinds: ['skipped'] },
  { title: 'Reaches into the reports of the tests, or ends their run', kinds: ['reports'] },
];

/** What a reviewer has to look at before believing the figures; nothing when the change leaves its proof alone or only adds to it. */
export const testChangeLines = (changes: readonly TestChange[]): readonly string[] =>
  LINES.flatMap(({ title, kinds }) => {
    const meant = kinds.flatMap((kind) => changes.filter((change) => change.kind === kind));
    const more = meant.length > MOST_NAMED ? ' and more' : '';
    return meant.length > 0 ? [`- **${title}**: ${meant.slice(0, MOST_NAMED).map(nameOf).join(', ')}${more}`] : [];
  });
