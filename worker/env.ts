import * as z from 'zod';
import { creditAllowanceSchema, unlimitedCredits } from '../domain/credit-allowance';
import { WorkerError } from '../domain/errors';
import { githubAddress } from '../domain/github-address';
import { isLoopback } from '../domain/is-loopback';
import { leaseSchema } from '../domain/lease';
import { USUALLY_PASSED, whyNotPassed } from '../domain/passed-variables';
import { absoluteSearchPath } from '../domain/search-path';
import { steeringSourceSchema } from '../domain/steering-source';
import { workItemSchema } from '../domain/work-item';

type Source = Readonly<Record<string, string | undefined>>;

const text = z.string().min(1);
const DEFAULT_TIMEOUT_MINUTES = 90;

const json = <T>(schema: z.ZodType<T>) =>
  text
    .transform((value, context): unknown => {
      try {
        return JSON.parse(value);
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

/** Names of variables, with commas between. */
const variableNames = z
  .string()
  .transform((names) => names.split(',').map((name) => name.trim()))
  .transform((names) => names.filter((name) => name !== ''))
  .superRefine((names, context) => {
    for (const name of names) {
      const why = whyNotPassed(name);
      if (why) context.addIssue({ code: 'custom', message: `${name} ${why}` });
    }
  });

/** Not z.coerce alone: it takes an empty text for 0. */
const number = (schema: z.ZodNumber) => text.transform(Number).pipe(schema);

/** A credential goes there: never in clear, except to this very machine; and no credential in the address itself. */
const serverUrl = z
  .url({ protocol: /^https?$/ })
  .refine((value) => value.startsWith('https:') || isLoopback(new URL(value).hostname), {
    message: 'must be https: a credential would travel in clear',
  })
  .refine((value) => new URL(value).username === '' && new URL(value).password === '', {
    message: 'must not hold a user or password',
  })
  .transform((value) => value.replace(/\/+$/, ''));

const everyBuild = {
  ENVIRONMENT: text,
  RELEASE: text,
  AWS_REGION: text,
  ARTIFACTS_BUCKET: text,
  ARTIFACTS_PREFIX: z.string().regex(/^builds\/[A-Za-z0-9._+!@()=':-]{1,80}$/, 'must be builds/EXECUTION'),
  WORK_ITEM: json(workItemSchema),
  LEASE: json(leaseSchema),
  BRANCH_NAME: text,
  SPEC_PATH: text,
  DRY_RUN: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true'),
  AWS_ACCOUNT_ID: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  CODEBUILD_BUILD_ID: z.string().default('unknown'),
  CODEBUILD_BUILD_ARN: z.string().default(''),
  PATH: z.string().default('').transform(absoluteSearchPath),
};

const gitBuild = {
  ...everyBuild,
  GITHUB_SERVER_URL: serverUrl,
  /** Where a GitHub App gets its tokens; where it is absent it follows from the server's address. */
  GITHUB_API_URL: serverUrl.optional(),
  GIT_CREDENTIALS_SECRET: text,
};

const schema = z.discriminatedUnion('MODE', [
  z.object({
    MODE: z.literal('checkout'),
    ...gitBuild,
    STEERING: z
      .string()
      .default('')
      .transform((value) => value || 'null')
      .pipe(json(steeringSourceSchema)),
    RELEASES_BUCKET: z.string().default(''),
  }),
  z.object({
    MODE: z.literal('publish'),
    ...gitBuild,
    LOCKS_TABLE: text,
    VERDICT_KEY: text,
    VERDICT_VERSION_ID: text,
  }),
  z.object({
    MODE: z.literal('build'),
    ...everyBuild,
    COVERAGE_THRESHOLD: number(z.number().min(0).max(100)).default(80),
    AGENT_KIND: z.enum(['kiro-cli', 'command']).default('kiro-cli'),
    AGENT_COMMAND: z.string().default(''),
    BUILD_USER: z
      .string()
      .regex(/^[a-z_][a-z0-9_-]{0,31}$|^$/, 'must be the name of a user')
      .default(''),
    KIRO_API_KEY_SECRET: z.string().default(''),
    AGENT_ENGINE: z.enum(['v2', 'v3']).default('v2'),
    AGENT_SHA256: z
      .string()
      .regex(/^[0-9a-f]{64}$|^$/, 'must be a SHA-256 in small hexadecimal digits')
      .default(''),
    RELEASES_BUCKET: z.string().default(''),
    CREDITS: json(creditAllowanceSchema).default(unlimitedCredits),
    PASSED_VARIABLES: variableNames.prefault(USUALLY_PASSED.join(',')),
    BUILD_TIMEOUT_MINUTES: number(z.number().positive().max(2160)).default(DEFAULT_TIMEOUT_MINUTES),
  }),
]);

type Parsed = z.infer<typeof schema>;
type ParsedBuild = Extract<Parsed, { MODE: 'build' }>;

const common = (parsed: Parsed) => ({
  environment: parsed.ENVIRONMENT,
  release: parsed.RELEASE,
  region: parsed.AWS_REGION,
  /** The account that runs this build; null when nobody says it. */
  accountId:
    parsed.AWS_ACCOUNT_ID ?? /^arn:[a-z-]+:codebuild:[^:]*:(\d{12}):/.exec(parsed.CODEBUILD_BUILD_ARN)?.[1] ?? null,
  buildId: parsed.CODEBUILD_BUILD_ID,
  artifactsBucket: parsed.ARTIFACTS_BUCKET,
  /** `builds/<execution name>`. */
  artifactsPrefix: parsed.ARTIFACTS_PREFIX,
  item: parsed.WORK_ITEM,
  lease: parsed.LEASE,
  dryRun: parsed.DRY_RUN,
  /** The PATH on which programs are found. */
  searchPath: parsed.PATH,
});

const passed = ({ PASSED_VARIABLES: names }: ParsedBuild, source: Source): Readonly<Record<string, string>> =>
  Object.fromEntries(names.flatMap((name) => (source[name] === undefined ? [] : [[name, source[name]]])));

const builder = (parsed: ParsedBuild, source: Source) => ({
  mode: 'build' as const,
  ...common(parsed),
  coverageThreshold: parsed.COVERAGE_THRESHOLD,
  agent:
    parsed.AGENT_KIND === 'command'
      ? { kind: 'command' as const, command: parsed.AGENT_COMMAND }
      : {
          kind: 'kiro-cli' as const,
          apiKeySecret: parsed.KIRO_API_KEY_SECRET,
          engine: parsed.AGENT_ENGINE,
          /** The zip in the releases bucket that is installed; null: what is on the PATH. */
          pin: parsed.AGENT_SHA256 === '' ? null : { sha256: parsed.AGENT_SHA256 },
        },
  releasesBucket: parsed.RELEASES_BUCKET,
  /** The unprivileged user of agent and tests; null: stay who we are. */
  buildUser: parsed.BUILD_USER || null,
  timeoutMinutes: parsed.BUILD_TIMEOUT_MINUTES,
  /** What the agent may cost. */
  credits: parsed.CREDITS,
  /** Variables of ours that install, agent and tests get as well: proxies, certificates, what an operator names. */
  passedVariables: passed(parsed, source),
});

const git = (parsed: Exclude<Parsed, { MODE: 'build' }>) => ({
  ...common(parsed),
  githubServerUrl: parsed.GITHUB_SERVER_URL,
  githubApiUrl: parsed.GITHUB_API_URL ?? githubAddress({ GITHUB_SERVER_URL: parsed.GITHUB_SERVER_URL }).apiUrl,
  gitCredentialsSecret: parsed.GIT_CREDENTIALS_SECRET,
});

const shape = (parsed: Parsed, source: Source) => {
  if (parsed.MODE === 'build') return builder(parsed, source);
  if (parsed.MODE === 'checkout')
    return {
      mode: 'checkout' as const,
      ...git(parsed),
      steering: parsed.STEERING,
      releasesBucket: parsed.RELEASES_BUCKET,
    };
  return {
    mode: 'publish' as const,
    ...git(parsed),
    locksTable: parsed.LOCKS_TABLE,
    verdictKey: parsed.VERDICT_KEY,
    verdictVersionId: parsed.VERDICT_VERSION_ID,
  };
};

/** What one build is to do, checked. Which members there are depends on `mode`. */
export type WorkerEnvironment = Readonly<ReturnType<typeof shape>>;
export type CheckoutEnvironment = Extract<WorkerEnvironment, { mode: 'checkout' }>;
export type PublishEnvironment = Extract<WorkerEnvironment, { mode: 'publish' }>;
export type BuildEnvironment = Extract<WorkerEnvironment, { mode: 'build' }>;

/** What only makes sense together. */
const contradictions = (parsed: Parsed): readonly string[] => [
  ...(parsed.BRANCH_NAME === parsed.WORK_ITEM.branch ? [] : ['BRANCH_NAME is not the branch of WORK_ITEM']),
  ...(parsed.SPEC_PATH === parsed.WORK_ITEM.specPath ? [] : ['SPEC_PATH is not the spec folder of WORK_ITEM']),
  ...(parsed.LEASE.itemId === parsed.WORK_ITEM.itemId ? [] : ['LEASE is of another item than WORK_ITEM']),
  ...(parsed.MODE === 'checkout' && parsed.STEERING?.kind === 's3' && parsed.RELEASES_BUCKET === ''
    ? ['RELEASES_BUCKET is empty, and STEERING is in that bucket']
    : []),
  ...(parsed.MODE === 'build' && parsed.AGENT_KIND === 'command' && parsed.AGENT_COMMAND.trim() === ''
    ? ['AGENT_COMMAND is empty, and AGENT_KIND is command']
    : []),
  ...(parsed.MODE === 'build' && parsed.AGENT_KIND === 'kiro-cli' && parsed.KIRO_API_KEY_SECRET === ''
    ? ['KIRO_API_KEY_SECRET is empty, and AGENT_KIND is kiro-cli']
    : []),
  ...(parsed.MODE === 'build' && parsed.AGENT_SHA256 !== '' && parsed.RELEASES_BUCKET === ''
    ? ['RELEASES_BUCKET is empty, and AGENT_SHA256 pins an agent in it']
    : []),
];

/** Reads the build's variables (documented in buildspec.yml). @throws WorkerError ValidationError naming each that is absent or wrong, never its value */
export const readWorkerEnvironment = (source: Source = process.env): WorkerEnvironment => {
  const parsed = schema.safeParse(source);
  const problems = parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  if (parsed.success && problems.length === 0) return shape(parsed.data, source);
  throw new WorkerError(
    'ValidationError',
    `The build's variables are wrong: ${problems.join('; ')}.`,
    'The project and the state machine set them: deploy the environment again.',
  );
};

/** Values in the environment that must never be shown: the build's own AWS credentials, where they are variables. */
export const secretsInEnvironment = (source: Source = process.env): readonly string[] =>
  [source.AWS_SECRET_ACCESS_KEY, source.AWS_SESSION_TOKEN].filter(
    (value) => value !== undefined && value !== '',
  ) as string[];
