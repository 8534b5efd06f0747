import type { Board } from '../../domain/board-entry';
import type { BoardSettings } from '../../domain/board-settings';
import { hasCode, WorkerError } from '../../domain/errors';
import type { RunDocument } from './graphql-client';

export const organizationBoardDocument = `query OrganizationBoard($owner: String!, $number: Int!) {
  organization(login: $owner) {
    projectV2(number: $number) {
      id
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
type Project = { readonly id: string; readonly fields: { readonly nodes: readonly (FieldNode | null)[] } };

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

const checkFields = (fields: readonly FieldNode[], settings: BoardSettings, where: string): void => {
  for (const use of ['status', 'priority', 'branch', 'spec'] as const) {
    const name = settings.fields[use];
    const field = fields.find((candidate) => candidate.name === name);
    if (!field)
      throw misconfigured(
        `There is no field "${name}" on ${where}; it has ${listOf(fields.map((candidate) => candidate.name))}.`,
        'Rename the field, or name it in the board settings.',
      );
    const [dataType, words] = kinds[use];
    if (field.dataType !== dataType)
      throw misconfigured(
        `The field "${name}" of ${where} is of the type ${field.dataType}.`,
        `Make it a ${words} field, or name another one in the board settings.`,
      );
  }
};

/** The single select of that name, whose options hold all of `wanted`. */
const checkOptions = (
  fields: readonly FieldNode[],
  name: string,
  wanted: readonly string[],
  where: string,
): Required<Pick<FieldNode, 'id' | 'options'>> => {
  const { id = '', options = [] } = fields.find((field) => field.name === name) ?? {};
  const absent = wanted.find((option) => !options.some((known) => known.name === option));
  if (absent === undefined) return { id, options };
  throw misconfigured(
    `The field "${name}" of ${where} has no option "${absent}"; it has ${listOf(options.map((option) => option.name))}.`,
    'Rename the option, or name it in the board settings.',
  );
};

/** Finds the board and checks every name that the settings use: a renamed field or option is an error, never an empty board. */
export const findBoard = async (settings: BoardSettings, run: RunDocument): Promise<Board> => {
  const where = `the board ${settings.owner}/${settings.number}`;
  const project = await findProject(settings, run);
  const fields = project.fields.nodes.filter((field) => field !== null);
  checkFields(fields, settings, where);
  const status = checkOptions(fields, settings.fields.status, Object.values(settings.options), where);
  const priority = checkOptions(fields, settings.fields.priority, settings.priorities ?? [], where);
  return {
    projectId: project.id,
    statusFieldId: status.id,
    statusOptionIds: Object.fromEntries(status.options.map(({ id, name }) => [name, id])),
    priorityOptions: priority.options.map(({ name }) => name),
  };
};
