import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

export type Invocation = {
  readonly output?: unknown;
  readonly failure?: {
    readonly name: string;
    readonly message: string;
    readonly stack: string;
    readonly cause: string;
  };
};

export type LambdaProcess = {
  readonly invoke: (event: unknown) => Promise<Invocation>;
  /** All that the function has printed so far. */
  readonly printed: () => string;
  /** Lines that CloudWatch would extract metrics from, as `Name{Dimension=value,…}`. */
  readonly metrics: () => readonly string[];
  readonly end: () => void;
};

type EmbeddedMetric = {
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
} & Record<string, unknown>;

const parse = (line: string): EmbeddedMetric => {
  try {
    return JSON.parse(line) as EmbeddedMetric;
  } catch {
    return {};
  }
};

const metricsIn = (printed: string): readonly string[] =>
  printed
    .split('\n')
    .map(parse)
    .flatMap((line) =>
      (line._aws?.CloudWatchMetrics ?? []).flatMap(({ Namespace, Dimensions, Metrics }) =>
        Metrics.flatMap(({ Name }) =>
          Dimensions.map((names) => {
            const dimensions = names.map((name) => `${name}=${line[name]}`).join(',');
            return `${Namespace}/${Name}{${dimensions}} ${line[Name]}`;
          }),
        ),
      ),
    );

/** Starts the compiled handler of `task` as Lambda does: once per container, with exactly this environment. */
export const startLambda = (task: string, env: Readonly<Record<string, string>>): LambdaProcess => {
  // nyc measures what gets these variables, and nothing else (clean-children.ts).
  const inherited = Object.entries(process.env).filter(([name]) => /^(NYC_|NODE_OPTIONS$|PATH$|SPAWN_WRAP)/.test(name));
  const child: ChildProcess = fork(join(__dirname, 'handler-child.js'), {
    env: { ...Object.fromEntries(inherited), NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  return {
    invoke: (event) =>
      new Promise((resolve, reject) => {
        child.once('message', (message) => resolve(message as Invocation));
        child.once('exit', (code) => reject(new Error(`the function's process ended with ${code}: ${printed}`)));
        child.send({ path: join(__dirname, `../../lambdas/${task}/handler.js`), event });
      }),
    printed: () => printed,
    metrics: () => metricsIn(printed),
    end: () => child.disconnect(),
  };
};
