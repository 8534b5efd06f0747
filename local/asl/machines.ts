import { type Aliases, createAliases } from './aliases';
import { checkName, machineArn } from './arns';
import { checkDefinition } from './check-definition';
import { apiError } from './failures';
import { type MachineBook, type MachineDeps, openMachineBook, unknownMachine } from './machine-book';
import type { MachineRecord, VersionRecord } from './records';
import { chooseRoute } from './routes';

type Publishing = { readonly publish?: boolean | undefined; readonly versionDescription?: string | undefined };
export type NewMachine = Publishing & { readonly name: string; readonly definition: string; readonly roleArn: string };
export type MachineChange = Publishing & {
  readonly definition?: string | undefined;
  readonly roleArn?: string | undefined;
};
type Written = { readonly machine: MachineRecord; readonly versionArn: string | undefined };

/** What an execution is started on: the definition that the ARN means at this moment. */
export type Target = {
  readonly machine: MachineRecord;
  readonly definition: string;
  readonly roleArn: string;
  readonly definitionDate: string;
  readonly stateMachineVersionArn?: string;
  readonly stateMachineAliasArn?: string;
};

export type Machines = Aliases & {
  readonly create: (machine: NewMachine) => Written;
  readonly update: (arn: string, change: MachineChange) => Written;
  readonly publish: (
    arn: string,
    description?: string,
  ) => { readonly versionArn: string; readonly creationDate: string };
  readonly find: (arn: string) => MachineRecord;
  readonly list: () => readonly MachineRecord[];
  /** Takes a version, an alias (one of its versions by chance, by weight) or the machine as it is now. */
  readonly target: (arn: string) => Target;
};

const versionArnOf = (machine: MachineRecord, { number }: VersionRecord): string =>
  `${machine.stateMachineArn}:${number}`;

const targetOfVersion = (arn: string, book: MachineBook): Target => {
  const { machine, version } = book.version(arn);
  const { definition, roleArn, creationDate } = version;
  return { machine, definition, roleArn, definitionDate: creationDate, stateMachineVersionArn: arn };
};

const targetOf = (arn: string, book: MachineBook, chance: () => number): Target => {
  const { machine, reference } = book.lookUp(arn);
  const { qualifier } = reference;
  if (qualifier === undefined) {
    const { definition, roleArn, updateDate } = machine;
    return { machine, definition, roleArn, definitionDate: updateDate };
  }
  if (/^\d+$/.test(qualifier)) return targetOfVersion(arn, book);
  const alias = machine.aliases.find(({ name }) => name === qualifier);
  if (!alias) throw unknownMachine(arn);
  return {
    ...targetOfVersion(chooseRoute(alias.routes, chance()).stateMachineVersionArn, book),
    stateMachineAliasArn: arn,
  };
};

/** State machines with their versions and aliases. A version never changes. */
export const createMachines = (deps: MachineDeps): Machines => {
  const { clock, randomness, home, store } = deps;
  const book = openMachineBook(store);
  const now = (): string => clock.now().toISOString();

  const publish: Machines['publish'] = (arn, description) => {
    const { machine } = book.lookUp(arn);
    const { definition, roleArn } = machine;
    const latest = machine.versions.at(-1);
    // Publishing an unchanged revision again gives the version that there is.
    if (latest && latest.definition === definition && latest.roleArn === roleArn) {
      return { versionArn: versionArnOf(machine, latest), creationDate: latest.creationDate };
    }
    const added: VersionRecord = {
      number: machine.published + 1,
      definition,
      roleArn,
      creationDate: now(),
      description,
    };
    book.save({ ...machine, published: added.number, versions: [...machine.versions, added] });
    return { versionArn: versionArnOf(machine, added), creationDate: added.creationDate };
  };

  const withVersion = (machine: MachineRecord, { publish: wanted, versionDescription }: Publishing): Written => ({
    machine,
    versionArn: wanted ? publish(machine.stateMachineArn, versionDescription).versionArn : undefined,
  });

  const create: Machines['create'] = ({ name, definition, roleArn, ...publishing }) => {
    checkName(name);
    checkDefinition(definition);
    const stateMachineArn = machineArn(home, name);
    const existing = book.named(name);
    if (existing && (existing.definition !== definition || existing.roleArn !== roleArn)) {
      throw apiError('StateMachineAlreadyExists', `State Machine Already Exists: '${stateMachineArn}'`);
    }
    const dates = { creationDate: now(), updateDate: now() };
    const fresh = { ...dates, revisionId: randomness.uuid(), published: 0, versions: [], aliases: [] };
    return withVersion(existing ?? book.save({ name, stateMachineArn, definition, roleArn, ...fresh }), publishing);
  };

  return {
    ...createAliases(book, deps),
    create,
    publish,
    update: (arn, { definition, roleArn, ...publishing }) => {
      const { machine } = book.lookUp(arn);
      if (definition !== undefined) checkDefinition(definition);
      const changed = { definition: definition ?? machine.definition, roleArn: roleArn ?? machine.roleArn };
      return withVersion(
        book.save({ ...machine, ...changed, updateDate: now(), revisionId: randomness.uuid() }),
        publishing,
      );
    },
    find: (arn) => book.lookUp(arn).machine,
    list: book.list,
    target: (arn) => targetOf(arn, book, randomness.number),
  };
};
