import { failureData, inputData, outputData } from './history';
import { emit, type Strand } from './strand';

type Limits = { readonly timeoutInSeconds?: number; readonly heartbeatInSeconds?: number };

/** How the history tells of one kind of task: integrations of Step Functions, or a Lambda function named directly. */
export type TaskEvents = {
  /** What messages call the resource. */
  readonly label: string;
  readonly scheduled: (strand: Strand, parameters: string, limits: Limits) => void;
  readonly started: (strand: Strand) => void;
  readonly submitted: (strand: Strand, output: string | undefined) => void;
  readonly succeeded: (strand: Strand, output: string) => void;
  readonly failed: (strand: Strand, failure: { readonly error: string; readonly cause: string }) => void;
  readonly timedOut: (strand: Strand) => void;
};

const timeout = failureData({ error: 'States.Timeout' });

const lambdaEvents = (resource: string): TaskEvents => ({
  label: resource,
  scheduled: (strand, parameters, { timeoutInSeconds }) =>
    emit(strand, 'LambdaFunctionScheduled', {
      lambdaFunctionScheduledEventDetails: {
        resource,
        ...inputData(parameters),
        ...(timeoutInSeconds === undefined ? {} : { timeoutInSeconds }),
      },
    }),
  started: (strand) => emit(strand, 'LambdaFunctionStarted'),
  submitted: () => undefined,
  succeeded: (strand, output) =>
    emit(strand, 'LambdaFunctionSucceeded', { lambdaFunctionSucceededEventDetails: outputData(output) }),
  failed: (strand, failure) =>
    emit(strand, 'LambdaFunctionFailed', { lambdaFunctionFailedEventDetails: failureData(failure) }),
  timedOut: (strand) => emit(strand, 'LambdaFunctionTimedOut', { lambdaFunctionTimedOutEventDetails: timeout }),
});

/** `arn:aws:states:::codebuild:startBuild.sync` → resourceType `codebuild`, resource `startBuild.sync`. */
const integrationEvents = (arn: string): TaskEvents => {
  const parts = arn.split(':').slice(5);
  const resource = parts.at(-1) ?? '';
  const where = { resourceType: parts.slice(0, -1).join(':'), resource };
  return {
    label: where.resourceType,
    scheduled: (strand, parameters, limits) =>
      emit(strand, 'TaskScheduled', {
        taskScheduledEventDetails: { ...where, region: strand.frame.region, parameters, ...limits },
      }),
    started: (strand) => emit(strand, 'TaskStarted', { taskStartedEventDetails: where }),
    submitted: (strand, output) =>
      emit(strand, 'TaskSubmitted', {
        taskSubmittedEventDetails: { ...where, ...(output === undefined ? {} : outputData(output)) },
      }),
    succeeded: (strand, output) =>
      emit(strand, 'TaskSucceeded', { taskSucceededEventDetails: { ...where, ...outputData(output) } }),
    failed: (strand, failure) =>
      emit(strand, 'TaskFailed', { taskFailedEventDetails: { ...where, ...failureData(failure) } }),
    timedOut: (strand) => emit(strand, 'TaskTimedOut', { taskTimedOutEventDetails: { ...where, ...timeout } }),
  };
};

export const taskEvents = (resource: string): TaskEvents =>
  /^arn:aws[a-z-]*:lambda:/.test(resource) ? lambdaEvents(resource) : integrationEvents(resource);
