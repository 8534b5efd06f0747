import type { Board } from '../../domain/board-entry';
import type { BoardSettings } from '../../domain/board-settings';
import { hasCode, WorkerError } from '../../domain/errors';
import type { RunDocument } from './graphql-client';

export const organizationBoardDocument = `query OrganizationBoard($owner: String!, $number: Int!) {
  organization(login: $owner) {
    projectV2(number: $number) {
      id
      closed
      viewerCanUpdate
      fields(first: 100) {
        nodes {
          ... on ProjectV2FieldCommon { id name dataType }
          ... on ProjectV2SingleSelectField { options { id name } }
        }
      }
    }
  }
}`;

export const userBoardDocument = `query UserBoard($owner: String!, $number: Int!) {
  user(login: $owner) {
    projectV2(number: $number) {
      id
      closed
      viewerCanUpdate
      fields(first: 100) {
        nodes {
          ... on ProjectV2FieldCommon { id name dataType }
          ... on ProjectV2SingleSelectField { options { id name } }
        }
      }
    }
  }
}`;

type FieldNode = {
  readonly id?: string;
  readonly name?: string;
  readonly dataType?: string;
  readonly options?: readonly { readonly id: string; readonly name: string }[];
};
type Project = {
  readonly id: string;
  readonly closed: boolean;
  readonly viewerCanUpdate: boolean;
  readonly fields: { readonly nodes: readonly (FieldNode | null)[] };
};

type Answer = Readonly<Record<string, { readonly projectV2: Project | null } | null>>;

const listOf = (names: readonly (string | undefined)[]): string => names.map((name) => `"${name}"`).join(', ');

const misconfigured = (what: string, remedy: string) => new WorkerError('BoardMisconfigured', what, remedy);

/** What kind of field each name of the settings must be, as GitHub calls it and as people do. */
const kinds = {
  status: ['SINGLE_SELECT', 'single select'],
  priority: ['SINGLE_SELECT', 'single select'],
  branch: ['TEXT', 'text'],
  spec: ['TEXT', 'text'],
} as const satisfies Record<keyof BoardSettings['fields'], readonly [string, string]>;

const findProject = async (settings: BoardSettings, run: RunDocument): Promise<Project> => {
  const document = settings.ownerKind === 'organization' ? organizationBoardDocument : userBoardDocument;
  const { owner, number } = settings;
  const answer = await run<Answer>(document, { owner, number }).catch((error: unknown): Answer => {
    if (hasCode(error, 'NotFound')) return {};
    throw error;
  });
  const project = answer[settings.ownerKind]?.projectV2;
  if (project) return project;
  throw misconfigured(`The token sees no such board as ${owner}/${number}.`, 'Check owner, ownerKind and number.');
};

/** What is left of a name when case, blanks, dashes and emoji do not count. */
const bare = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const hintOf = (name: string, known: readonly string[]): string => {
  const near = known.filter((other) => bare(other) === bare(name));
  return near.length > 0 ? ` Names are compared exactly; is ${listOf(near)} meant?` : '';
};

const fieldProblem = (fields: readonly FieldNode[], name: string, use: keyof typeof kinds, where: string) => {
  const names = fields.map((candidate) => candidate.name ?? '');
  // GitHub itself looks for a field by its name without regard to case.
  const same = names.filter((other) => other.toLowerCase() === name.toLowerCase());
  const field = fields.find((candidate) => candidate.name === name);
  if (!field)
    return misconfigured(
      `There is no field "${name}" on ${where}; it has ${listOf(names)}.${hintOf(name, names)}`,
      'Rename the field, or name it in the board settings.',
    );
  if (same.length > 1)
    return misconfigured(
      `There are ${same.length} fields ${listOf(same)} on ${where}, and GitHub does not tell them apart.`,
      'Rename or delete the others.',
    );
  const [dataType, words] = kinds[use];
  if (field.dataType === dataType) return null;
  return misconfigured(
    `The field "${name}" of ${where} is of the type ${field.dataType}.`,
    `Make it a ${words} field, or name another one in the board settings.`,
  );
};

/** What is wrong with the options of a single select that must hold each of `wanted` once. */
const optionProblems = (field: FieldNode | undefined, wanted: readonly string[], where: string) => {
  const { name, options } = field ?? {};
  if (!options) return []; // it is said already that there is no such field
  const names = options.map((known) => known.name);
  return wanted.flatMap((option) => {
    const count = names.filter((known) => known === option).length;
    if (count === 1) return [];
    if (count > 1)
      return misconfigured(
        `The field "${name}" of ${where} has ${count} options "${option}": nobody can tell which one is meant.`,
        'Rename or delete the others.',
      );
    return misconfigured(
      `The field "${name}" of ${where} has no option "${option}"; it has ${listOf(names)}.${hintOf(option, names)}`,
      'Rename the option, or name it in the board settings.',
    );
  });
};

const closedProblem = (where: string) =>
  misconfigured(`${where.replace('the', 'The')} is closed.`, 'Reopen it on GitHub, or watch another one.');

/** A board and everything that is wrong with its names. */
export type BoardFindings = {
  readonly board: Board;
  readonly viewerCanUpdate: boolean;
  readonly problems: readonly WorkerError[];
};

/** @throws WorkerError BoardMisconfigured when there is no such board */
export const inspectBoard = async (settings: BoardSettings, run: RunDocument): Promise<BoardFindings> => {
  const where = `the board ${settings.owner}/${settings.number}`;
  const { id, closed, viewerCanUpdate, fields: page } = await findProject(settings, run);
  const fields = page.nodes.filter((field) => field !== null);
  const named = (use: keyof typeof kinds) => fields.find((field) => field.name === settings.fields[use]);
  const uses = Object.keys(kinds) as (keyof typeof kinds)[];
  const [status, priority] = [named('status'), named('priority')];
  const problems = [
    ...(closed ? [closedProblem(where)] : []),
    ...uses.flatMap((use) => fieldProblem(fields, settings.fields[use], use, where) ?? []),
    ...optionProblems(status, Object.values(settings.options), where),
    ...optionProblems(priority, settings.priorities ?? [], where),
  ];
  const board: Board = {
    projectId: id,
    statusFieldId: status?.id ?? '',
    statusOptionIds: Object.fromEntries((status?.options ?? []).map((option) => [option.name, option.id])),
    priorityOptions: (priority?.options ?? []).map(({ name }) => name),
  };
  return { board, viewerCanUpdate, problems };
};

/** Finds the board and checks every name that the settings use: a renamed field or option is an error, never an empty board. */
export const findBoard = async (settings: BoardSettings, run: RunDocument): Promise<Board> => {
  const { board, problems } = await inspectBoard(settings, run);
  const [first] = problems;
  if (first) throw first;
  return board;
};
