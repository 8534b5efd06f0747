import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { creditBudgetParameter } from '../adapters/aws/credit-budget-parameter';
import { type CreditLedger, creditLedger } from '../adapters/aws/credit-ledger';
import { stepFunctionsExecutionLife } from '../adapters/aws/execution-life';
import { type ItemExecutions, itemExecutions } from '../adapters/aws/item-executions';
import { createLockTable } from '../adapters/aws/lock-table';
import { type LockView, lockView } from '../adapters/aws/lock-view';
import { type ReceiptShelf, receiptShelf } from '../adapters/aws/receipt-shelf';
import { loadEnvironment } from '../config/load';
import { type Names, namesOf } from '../config/naming';
import type { CreditBudget } from '../domain/credit-budget';
import type { DeadLetter } from '../domain/dead-letter';
import type { ExecutionLife } from '../domain/lock-row';
import type { LocalCloud } from '../local/cloud';
import type { CliContext, CommandInput } from './command';
import { composeDeadLetters } from './compose';
import type { DeadLetters } from './dead-letters';
import { onlyLocalState } from './only-local-state';
import { openLocal } from './open-local';

/** One environment, in AWS or on this machine, as its operator sees it. */
export type EnvironmentAccess = {
  readonly environment: string;
  /** What has to be added to a command so that it is about this environment, too. */
  readonly option: string;
  readonly names: Names;
  readonly maxConcurrentItems: number;
  readonly budget: {
    readonly read: () => Promise<CreditBudget>;
    readonly write: (budget: CreditBudget) => Promise<void>;
  };
  readonly credits: CreditLedger;
  readonly locks: LockView;
  readonly receipts: ReceiptShelf;
  readonly executions: ItemExecutions;
  readonly executionLife: (executionArn: string) => Promise<ExecutionLife>;
  readonly deadLetters: () => Promise<readonly DeadLetter[]>;
  /** Why a failed build or git step ended, as it wrote that down itself. */
  readonly evidence: DeadLetters['evidence'];
  readonly now: () => Date;
  readonly close: () => Promise<void>;
};

type Place = Pick<
  EnvironmentAccess,
  'environment' | 'option' | 'names' | 'maxConcurrentItems' | 'deadLetters' | 'evidence'
>;
type ClientConfig = {
  readonly region: string;
  /** Absent: AWS itself, by the caller's own credentials. */
  readonly local?: { readonly endpoint: string; readonly credentials: LocalCloud['operator'] };
};

const accessOf = (place: Place, { region, local }: ClientConfig, close: () => Promise<void>): EnvironmentAccess => {
  const { names } = place;
  const client = { region, ...local };
  const dynamo = new DynamoDBClient(client);
  const s3 = new S3Client({ ...client, forcePathStyle: local !== undefined });
  const sfn = new SFNClient(client);
  const ssm = new SSMClient(client);
  const table = createLockTable({ tableName: names.locksTable, index: names.heldLocksIndex }, { client: dynamo });
  const budget = creditBudgetParameter({ parameter: names.creditBudgetParameter }, { client: ssm });
  const now = () => new Date();
  return {
    ...place,
    budget,
    credits: creditLedger({ table, budget: budget.read, now }),
    locks: lockView({ table }),
    receipts: receiptShelf({ bucket: names.artifactsBucket }, { client: s3, now }),
    executions: itemExecutions({ client: sfn }),
    executionLife: stepFunctionsExecutionLife({ client: sfn }),
    now,
    close: async () => {
      for (const each of [dynamo, s3, sfn, ssm]) each.destroy();
      await close();
    },
  };
};

/** Opens what a command is about: with `--env` an environment in AWS, by the caller's own credentials; else the state on this machine. */
const openEnvironment = async (input: CommandInput, context: CliContext): Promise<EnvironmentAccess> => {
  const { env } = input.options;
  if (typeof env === 'string') {
    const environment = loadEnvironment(env);
    const ask = async <T>(question: (letters: DeadLetters) => Promise<T>): Promise<T> => {
      const letters = await composeDeadLetters(input, context);
      return question(letters).finally(letters.close);
    };
    const deadLetters = () => ask(({ list }) => list());
    const evidence: DeadLetters['evidence'] = (letter) => ask((letters) => letters.evidence(letter));
    const { maxConcurrentItems } = environment;
    const place = { environment: env, option: ` --env ${env}`, names: namesOf(environment), maxConcurrentItems };
    return accessOf({ ...place, deadLetters, evidence }, { region: environment.region }, async () => undefined);
  }
  const stateFolder = onlyLocalState(input, context);
  const { worker, deadLetters, close } = await openLocal({ stateFolder }, context);
  const { cloud, settings } = worker;
  const place = {
    environment: cloud.environment.name,
    option: typeof input.options.state === 'string' ? ` --state '${input.options.state}'` : '',
    names: cloud.names,
    maxConcurrentItems: settings.maxConcurrentItems,
    deadLetters: deadLetters.list,
    evidence: deadLetters.evidence,
  };
  const local = { endpoint: cloud.url, credentials: cloud.operator };
  return accessOf(place, { region: cloud.environment.region, local }, close);
};

/** Opens the environment for as long as `use` needs it. */
export const withEnvironment = async <T>(
  input: CommandInput,
  context: CliContext,
  use: (access: EnvironmentAccess) => Promise<T>,
): Promise<T> => {
  const access = await openEnvironment(input, context);
  try {
    return await use(access);
  } finally {
    await access.close();
  }
};

/** The options by which a command names its environment. */
export const environmentOptions = {
  env: 'ENVIRONMENT in AWS; without it the local state is meant',
  state: 'FOLDER of the local state, or of one run in it; default .kiro-worker',
} as const;
