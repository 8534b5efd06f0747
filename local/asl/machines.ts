import { checkName, type Home, type MachineReference, machineArn, parseMachineArn } from './arns';
import { checkDefinition } from './check-definition';
import type { Clock } from './clock';
import { apiError } from './failures';
import type { Randomness } from './randomness';
import type { AliasRecord, MachineRecord, Route, VersionRecord } from './records';
import type { Store } from './store';

type Publishing = { readonly publish?: boolean | undefined; readonly versionDescription?: string | undefined };
export type NewMachine = Publishing & { readonly name: string; readonly definition: string; readonly roleArn: string };
export type MachineChange = Publishing & {
  readonly definition?: string | undefined;
  readonly roleArn?: string | undefined;
};

/** What an execution is started on: the definition that the ARN means at this moment. */
export type Target = {
  readonly machine: MachineRecord;
  readonly definition: string;
  readonly roleArn: string;
  readonly definitionDate: string;
  readonly stateMachineVersionArn?: string;
  readonly stateMachineAliasArn?: string;
};

export type Machines = {
  readonly create: (machine: NewMachine) => {
    readonly machine: MachineRecord;
    readonly versionArn: string | undefined;
  };
  readonly update: (
    arn: string,
    change: MachineChange,
  ) => { readonly machine: MachineRecord; readonly versionArn: string | undefined };
  readonly publish: (
    arn: string,
    description?: string,
  ) => { readonly versionArn: string; readonly creationDate: string };
  readonly createAlias: (
    name: string,
    routes: readonly Route[],
    description?: string,
  ) => AliasRecord & { readonly arn: string };
  readonly updateAlias: (
    arn: string,
    change: { routes?: readonly Route[] | undefined; description?: string | undefined },
  ) => AliasRecord;
  readonly alias: (arn: string) => AliasRecord;
  readonly find: (arn: string) => MachineRecord;
  readonly list: () => readonly MachineRecord[];
  /** Takes a version, an alias (one of its versions by chance, by weight) or the machine as it is now. */
  readonly target: (arn: string) => Target;
};

const unknownMachine = (arn: string): Error =>
  apiError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);

const versionArnOf = (machine: MachineRecord, { number }: VersionRecord): string =>
  `${machine.stateMachineArn}:${number}`;

const checkRoutes = (routes: readonly Route[]): void => {
  const arns = routes.map(({ stateMachineVersionArn }) => stateMachineVersionArn);
  const refuse = (message: string): never => {
    throw apiError('ValidationException', message);
  };
  if (routes.length < 1 || routes.length > 2)
    refuse('Routing configuration must contain one or two state machine version ARNs.');
  if (arns.some((arn) => !/^\d+$/.test(parseMachineArn(arn).qualifier ?? ''))) {
    refuse(`Routing configuration must contain state machine version ARNs. Received: [${arns.join(', ')}]`);
  }
  if (new Set(arns).size < arns.length) {
    refuse(`Routing configuration must contain distinct state machine version ARNs. Received: [${arns.join(', ')}]`);
  }
  const weights = routes.map(({ weight }) => weight);
  if (weights.reduce((sum, weight) => sum + weight, 0) !== 100) {
    refuse(`Sum of routing configuration weights must equal 100. Received: [${weights.join(', ')}]`);
  }
};

/** `chance` is in [0, 1). */
const chooseRoute = (routes: readonly Route[], chance: number): Route => {
  const [first, second] = routes as [Route, Route?];
  return second && chance * 100 >= first.weight ? second : first;
};

/** State machines with their versions and aliases. A version never changes; an alias points to one or two of them. */
export const createMachines = (deps: {
  readonly home: Home;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly store: Store;
}): Machines => {
  const known = new Map(deps.store.machines().map((machine) => [machine.name, machine]));
  const now = (): string => deps.clock.now().toISOString();

  const save = (machine: MachineRecord): MachineRecord => {
    known.set(machine.name, machine);
    deps.store.saveMachine(machine);
    return machine;
  };

  const lookUp = (arn: string): { readonly machine: MachineRecord; readonly reference: MachineReference } => {
    const reference = parseMachineArn(arn);
    const machine = known.get(reference.machine);
    if (!machine) throw unknownMachine(arn);
    return { machine, reference };
  };

  const version = (arn: string): { readonly machine: MachineRecord; readonly version: VersionRecord } => {
    const { machine, reference } = lookUp(arn);
    const found = machine.versions.find(({ number }) => String(number) === reference.qualifier);
    if (!found) throw unknownMachine(arn);
    return { machine, version: found };
  };

  const aliasIn = (arn: string): { readonly machine: MachineRecord; readonly alias: AliasRecord } => {
    const { machine, reference } = lookUp(arn);
    const alias = machine.aliases.find(({ name }) => name === reference.qualifier);
    if (!alias) throw apiError('ResourceNotFound', `Request references a resource that does not exist: '${arn}'`);
    return { machine, alias };
  };

  const publish: Machines['publish'] = (arn, description) => {
    const { machine } = lookUp(arn);
    const latest = machine.versions.at(-1);
    // Publishing an unchanged revision again gives the version that there is.
    if (latest && latest.definition === machine.definition && latest.roleArn === machine.roleArn) {
      return { versionArn: versionArnOf(machine, latest), creationDate: latest.creationDate };
    }
    const { definition, roleArn } = machine;
    const added: VersionRecord = {
      number: machine.published + 1,
      definition,
      roleArn,
      creationDate: now(),
      description,
    };
    save({ ...machine, published: added.number, versions: [...machine.versions, added] });
    return { versionArn: versionArnOf(machine, added), creationDate: added.creationDate };
  };

  const withVersion = (machine: MachineRecord, { publish: wanted, versionDescription }: Publishing) => ({
    machine,
    versionArn: wanted ? publish(machine.stateMachineArn, versionDescription).versionArn : undefined,
  });

  const targetOfVersion = (arn: string): Target => {
    const found = version(arn);
    const { definition, roleArn, creationDate } = found.version;
    return { machine: found.machine, definition, roleArn, definitionDate: creationDate, stateMachineVersionArn: arn };
  };

  return {
    create: ({ name, definition, roleArn, ...publishing }) => {
      checkName(name);
      checkDefinition(definition);
      const stateMachineArn = machineArn(deps.home, name);
      const existing = known.get(name);
      if (existing && (existing.definition !== definition || existing.roleArn !== roleArn)) {
        throw apiError('StateMachineAlreadyExists', `State Machine Already Exists: '${stateMachineArn}'`);
      }
      const date = now();
      const fresh = {
        creationDate: date,
        updateDate: date,
        revisionId: deps.randomness.uuid(),
        published: 0,
        versions: [],
        aliases: [],
      };
      return withVersion(existing ?? save({ name, stateMachineArn, definition, roleArn, ...fresh }), publishing);
    },
    update: (arn, { definition, roleArn, ...publishing }) => {
      const { machine } = lookUp(arn);
      if (definition !== undefined) checkDefinition(definition);
      const changed = { definition: definition ?? machine.definition, roleArn: roleArn ?? machine.roleArn };
      return withVersion(
        save({ ...machine, ...changed, updateDate: now(), revisionId: deps.randomness.uuid() }),
        publishing,
      );
    },
    publish,
    createAlias: (name, routes, description) => {
      checkRoutes(routes);
      if (!/^(?=.*[a-zA-Z_\-.])[a-zA-Z0-9_\-.]{1,80}$/.test(name)) {
        throw apiError(
          'ValidationException',
          `Value '${name}' at 'name' failed to satisfy constraint: it must not be a number.`,
        );
      }
      const { machine } = version(routes[0]?.stateMachineVersionArn ?? '');
      for (const { stateMachineVersionArn } of routes) version(stateMachineVersionArn);
      const arn = `${machine.stateMachineArn}:${name}`;
      const existing = machine.aliases.find((alias) => alias.name === name);
      if (existing) {
        if (JSON.stringify([existing.routes, existing.description]) === JSON.stringify([routes, description]))
          return { ...existing, arn };
        throw apiError(
          'ConflictException',
          'Failed to create alias because an alias with the same name and a different routing configuration already exists.',
        );
      }
      const date = now();
      const alias: AliasRecord = { name, description, routes, creationDate: date, updateDate: date };
      save({ ...machine, aliases: [...machine.aliases, alias] });
      return { ...alias, arn };
    },
    updateAlias: (arn, { routes, description }) => {
      const { machine, alias } = aliasIn(arn);
      if (routes) {
        checkRoutes(routes);
        for (const { stateMachineVersionArn } of routes) version(stateMachineVersionArn);
      }
      const changed = {
        ...alias,
        routes: routes ?? alias.routes,
        description: description ?? alias.description,
        updateDate: now(),
      };
      save({ ...machine, aliases: machine.aliases.map((other) => (other === alias ? changed : other)) });
      return changed;
    },
    alias: (arn) => aliasIn(arn).alias,
    find: (arn) => lookUp(arn).machine,
    list: () => [...known.values()],
    target: (arn) => {
      const { machine, reference } = lookUp(arn);
      const { qualifier } = reference;
      if (qualifier === undefined) {
        return {
          machine,
          definition: machine.definition,
          roleArn: machine.roleArn,
          definitionDate: machine.updateDate,
        };
      }
      if (/^\d+$/.test(qualifier)) return targetOfVersion(arn);
      const alias = machine.aliases.find(({ name }) => name === qualifier);
      if (!alias) throw unknownMachine(arn);
      const route = chooseRoute(alias.routes, deps.randomness.number());
      return { ...targetOfVersion(route.stateMachineVersionArn), stateMachineAliasArn: arn };
    },
  };
};
