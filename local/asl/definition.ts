import * as z from 'zod';
import { expressionIn } from './evaluate';

/** The Amazon States Language as far as the JSONata dialect has it. Unknown fields are refused, as AWS does. */
const expression = z
  .string()
  .refine((text) => expressionIn(text) !== undefined, 'must be a JSONata expression {% … %}');
const whole = (least: number) => z.union([z.int().min(least).max(99_999_999), expression]);
const assign = z.record(z.string().regex(/^[\p{L}_$][\p{L}\p{N}_$]*$/u, 'is not a valid variable name'), z.unknown());
const json = z.unknown();

const base = { Comment: z.string().optional(), QueryLanguage: z.literal('JSONata').optional() };
const transition = { Next: z.string().optional(), End: z.boolean().optional() };
const result = { Assign: assign.optional(), Output: json.optional() };

const retrier = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: z.array(z.string()).min(1),
  IntervalSeconds: z.int().min(1).max(99_999_999).optional(),
  MaxAttempts: z.int().min(0).max(99_999_999).optional(),
  BackoffRate: z.number().min(1).optional(),
  MaxDelaySeconds: z.int().min(1).max(31_622_400).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).optional(),
});
const catcher = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: z.array(z.string()).min(1),
  Next: z.string(),
  ...result,
});
const onError = { Retry: z.array(retrier).optional(), Catch: z.array(catcher).optional() };

const pass = z.strictObject({ Type: z.literal('Pass'), ...base, ...transition, ...result });
const task = z.strictObject({
  Type: z.literal('Task'),
  ...base,
  ...transition,
  ...result,
  ...onError,
  Resource: z
    .string()
    .regex(/^arn:aws[a-z-]*:(states|lambda):/, 'must be the ARN of an integration or of a Lambda function'),
  Arguments: json.optional(),
  TimeoutSeconds: whole(1).optional(),
  HeartbeatSeconds: whole(1).optional(),
});
const choice = z.strictObject({
  Type: z.literal('Choice'),
  ...base,
  ...result,
  Choices: z
    .array(
      z.strictObject({
        Comment: z.string().optional(),
        Condition: z.union([z.boolean(), expression]),
        Next: z.string(),
        ...result,
      }),
    )
    .min(1),
  Default: z.string().optional(),
});
const wait = z.strictObject({
  Type: z.literal('Wait'),
  ...base,
  ...transition,
  ...result,
  Seconds: whole(0).optional(),
  Timestamp: z.string().optional(),
});
const succeed = z.strictObject({ Type: z.literal('Succeed'), ...base, Output: json.optional() });
const fail = z.strictObject({
  Type: z.literal('Fail'),
  ...base,
  Error: z.string().optional(),
  Cause: z.string().optional(),
});

/** States with the name of the one to start at: a machine, a branch, an item processor. */
export interface Sequence {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}
export interface ItemProcessor extends Sequence {
  readonly ProcessorConfig?: { readonly Mode?: 'INLINE' | 'DISTRIBUTED' | undefined } | undefined;
}

const states: z.ZodType<Readonly<Record<string, State>>> = z.lazy(() => z.record(z.string().min(1).max(80), state));
const branch: z.ZodType<Sequence> = z.lazy(() =>
  z.strictObject({ Comment: z.string().optional(), StartAt: z.string(), States: states }),
);
const itemProcessor: z.ZodType<ItemProcessor> = z.lazy(() =>
  z.strictObject({
    Comment: z.string().optional(),
    ProcessorConfig: z
      .strictObject({
        Mode: z.enum(['INLINE', 'DISTRIBUTED']).optional(),
        ExecutionType: z.literal('STANDARD').optional(),
      })
      .optional(),
    StartAt: z.string(),
    States: states,
  }),
);

const parallel = z.strictObject({
  Type: z.literal('Parallel'),
  ...base,
  ...transition,
  ...result,
  ...onError,
  Arguments: json.optional(),
  Branches: z.array(branch).min(1),
});
const map = z.strictObject({
  Type: z.literal('Map'),
  ...base,
  ...transition,
  ...result,
  ...onError,
  Items: z.union([expression, z.array(json), z.record(z.string(), json)]).optional(),
  ItemSelector: json.optional(),
  MaxConcurrency: whole(0).optional(),
  ToleratedFailureCount: whole(0).optional(),
  ToleratedFailurePercentage: z.union([z.number().min(0).max(100), expression]).optional(),
  Label: z.string().min(1).max(40).optional(),
  ItemProcessor: itemProcessor,
});

const state = z.discriminatedUnion('Type', [pass, task, choice, wait, succeed, fail, parallel, map]);

/** The shape of a definition; what hangs together is checked by check-definition. */
export const definitionSchema = z.strictObject({
  Comment: z.string().optional(),
  Version: z.literal('1.0').optional(),
  QueryLanguage: z.literal('JSONata').optional(),
  TimeoutSeconds: z.int().min(1).max(99_999_999).optional(),
  StartAt: z.string(),
  States: states,
});

/** A whole machine. */
export type Definition = Sequence & { readonly TimeoutSeconds?: number | undefined };

export type PassState = z.infer<typeof pass>;
export type TaskState = z.infer<typeof task>;
export type ChoiceState = z.infer<typeof choice>;
export type WaitState = z.infer<typeof wait>;
export type SucceedState = z.infer<typeof succeed>;
export type FailState = z.infer<typeof fail>;
export type Retrier = z.infer<typeof retrier>;
export type Catcher = z.infer<typeof catcher>;
export type ParallelState = z.infer<typeof parallel>;
export type MapState = z.infer<typeof map>;
export type State =
  | PassState
  | TaskState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;

/** Distributed maps run their items as executions of their own. */
export const isDistributed = (map: MapState): boolean => map.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED';
