import { apiError } from './failures';
import type { MachineBook, MachineDeps } from './machine-book';
import type { AliasRecord, MachineRecord, Route } from './records';
import { checkRoutes } from './routes';

export type Aliases = {
  readonly createAlias: (
    name: string,
    routes: readonly Route[],
    description?: string,
  ) => AliasRecord & { readonly arn: string };
  readonly updateAlias: (
    arn: string,
    change: { readonly routes?: readonly Route[] | undefined; readonly description?: string | undefined },
  ) => AliasRecord;
  readonly alias: (arn: string) => AliasRecord;
};

const checkAliasName = (name: string): void => {
  if (/^(?=.*[a-zA-Z_\-.])[a-zA-Z0-9_\-.]{1,80}$/.test(name)) return;
  throw apiError(
    'ValidationException',
    `Value '${name}' at 'name' must be 1 to 80 of a-z A-Z 0-9 _ - . and not a number.`,
  );
};

/** The machine that all versions belong to. */
const machineOf = (routes: readonly Route[], book: MachineBook): MachineRecord => {
  checkRoutes(routes);
  const [machine, ...others] = routes.map(({ stateMachineVersionArn }) => book.version(stateMachineVersionArn).machine);
  if (machine && others.every((other) => other === machine)) return machine;
  throw apiError('ValidationException', 'Routing configuration must contain versions of the same state machine.');
};

const sameAlias = (alias: AliasRecord, routes: readonly Route[], description: string | undefined): boolean =>
  JSON.stringify([alias.routes, alias.description]) === JSON.stringify([routes, description]);

/** Names that point to one or two versions of a machine, by weight. */
export const createAliases = (book: MachineBook, { clock }: Pick<MachineDeps, 'clock'>): Aliases => {
  const now = (): string => clock.now().toISOString();

  const find = (arn: string): { readonly machine: MachineRecord; readonly alias: AliasRecord } => {
    const { machine, reference } = book.lookUp(arn);
    const alias = machine.aliases.find(({ name }) => name === reference.qualifier);
    if (!alias) throw apiError('ResourceNotFound', `Request references a resource that does not exist: '${arn}'`);
    return { machine, alias };
  };

  return {
    createAlias: (name, routes, description) => {
      checkAliasName(name);
      const machine = machineOf(routes, book);
      const arn = `${machine.stateMachineArn}:${name}`;
      const existing = machine.aliases.find((alias) => alias.name === name);
      if (existing && sameAlias(existing, routes, description)) return { ...existing, arn };
      if (existing) {
        throw apiError(
          'ConflictException',
          'Failed to create alias because an alias with the same name and a different routing configuration already exists.',
        );
      }
      const date = now();
      const alias: AliasRecord = { name, description, routes, creationDate: date, updateDate: date };
      book.save({ ...machine, aliases: [...machine.aliases, alias] });
      return { ...alias, arn };
    },
    updateAlias: (arn, { routes, description }) => {
      const { machine, alias } = find(arn);
      if (routes) machineOf(routes, book);
      const changed: AliasRecord = {
        ...alias,
        routes: routes ?? alias.routes,
        description: description ?? alias.description,
        updateDate: now(),
      };
      book.save({ ...machine, aliases: machine.aliases.map((other) => (other === alias ? changed : other)) });
      return changed;
    },
    alias: (arn) => find(arn).alias,
  };
};
