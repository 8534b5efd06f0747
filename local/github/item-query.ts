import type { Model } from './model';
import type { FieldRecord, RecordOf } from './records';

type Item = RecordOf<'ProjectV2Item'>;
type Content = RecordOf<'Issue' | 'PullRequest' | 'DraftIssue'>;
type Term = { readonly negated: boolean; readonly qualifier: string | null; readonly values: readonly string[] };

const word = String.raw`(?:"[^"]*"|[^\s,"]+)`;
const termPattern = new RegExp(String.raw`(-?)(?:([\w-]+):)?(${word}(?:,${word})*)`, 'g');
const wordPattern = new RegExp(word, 'g');

const unquote = (text: string): string => text.replaceAll('"', '').toLowerCase();

const parseTerms = (query: string): readonly Term[] =>
  [...query.matchAll(termPattern)].map(([, minus, qualifier, values = '']) => ({
    negated: minus === '-',
    qualifier: qualifier?.toLowerCase() ?? null,
    values: (values.match(wordPattern) ?? []).map(unquote),
  }));

/** What an item shows in a field, in lower case; null when it shows nothing. */
const shownValue = (item: Item, field: FieldRecord): string | null => {
  const value = item.values[field.id];
  if (value === undefined) return null;
  if (field.kind === 'ProjectV2Field') return String(value).toLowerCase();
  return field.options.find((option) => option.id === value)?.name.toLowerCase() ?? null;
};

const matchesState = (content: Content | undefined, value: string): boolean => {
  switch (value) {
    case 'issue':
      return content?.kind === 'Issue';
    case 'pr':
      return content?.kind === 'PullRequest';
    case 'draft':
      return content?.kind === 'DraftIssue' || (content?.kind === 'PullRequest' && content.isDraft);
    case 'open':
      return content?.kind === 'DraftIssue' || content?.state === 'OPEN';
    case 'closed':
      return content?.kind !== 'DraftIssue' && (content?.state === 'CLOSED' || content?.state === 'MERGED');
    case 'merged':
      return content?.kind === 'PullRequest' && content.state === 'MERGED';
    default:
      return false;
  }
};

type Test = (item: Item, content: Content | undefined) => boolean;

const testOf = ({ qualifier, values }: Term, fields: ReadonlyMap<string, FieldRecord>): Test => {
  if (qualifier === null) {
    return (_, content) => values.every((value) => content?.title.toLowerCase().includes(value) ?? false);
  }
  if (qualifier === 'is') return (_, content) => values.some((value) => matchesState(content, value));
  if (qualifier === 'no' || qualifier === 'has') {
    const asked = values.map((value) => fields.get(value));
    const isSet = (item: Item, field: FieldRecord) => shownValue(item, field) !== null;
    return (item) => asked.some((field) => field !== undefined && isSet(item, field) === (qualifier === 'has'));
  }
  const field = fields.get(qualifier);
  if (!field) return () => false;
  if (field.kind === 'ProjectV2SingleSelectField') {
    const wanted = field.options.filter(({ name }) => values.includes(name.toLowerCase())).map(({ id }) => id);
    return (item) => wanted.includes(String(item.values[field.id]));
  }
  return (item) => values.includes(shownValue(item, field) ?? '');
};

/**
 * The board's filter as far as the product uses it: `status:Ready,"In progress"`, `-status:Done`, `is:open`, `no:status`, other
 * fields by their name with dashes for spaces, and words of the title. As on GitHub, an option or qualifier that does
 * not exist is no error: nothing matches it.
 */
export const itemFilter = (query: string, fields: readonly FieldRecord[], model: Model): ((item: Item) => boolean) => {
  const byName = new Map(fields.map((field) => [field.name.toLowerCase().replaceAll(' ', '-'), field]));
  const tests = parseTerms(query).map((term) => ({ negated: term.negated, holds: testOf(term, byName) }));
  if (tests.length === 0) return () => true;
  return (item) => {
    const content =
      item.contentId === null ? undefined : model.find(item.contentId, 'Issue', 'PullRequest', 'DraftIssue');
    return tests.every(({ negated, holds }) => holds(item, content) !== negated);
  };
};
