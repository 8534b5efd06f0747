import { randomUUID } from 'node:crypto';
import { TaskFailure } from '../asl/failures';
import { statusOf } from '../aws/aws-error';

/** Step Functions cuts the cause of an error at so many characters. */
const LONGEST_CAUSE = 32_768;

export const taskFailure = (error: string, cause: string): TaskFailure =>
  new TaskFailure(error, cause.slice(0, LONGEST_CAUSE));

/** How an integration speaks of its service: prefix of its error names, name inside the cause, its catch-all exception. */
export type ServiceNames = { readonly prefix: string; readonly service: string; readonly unmodelled: string };

/** The exception of a service as the task's error, e.g. `CodeBuild.AccountLimitExceededException`. Codes without an exception of their own are the catch-all. */
export const serviceFailure = (raised: unknown, { prefix, service, unmodelled }: ServiceNames): TaskFailure => {
  const { name, message } = raised as Error;
  const exception = name.endsWith('Exception') ? name : unmodelled;
  const cause = `${message} (Service: ${service}; Status Code: ${statusOf(raised)}; Error Code: ${name}; Request ID: ${randomUUID()}; Proxy: null)`;
  return taskFailure(`${prefix}.${exception}`, cause);
};

/** Arguments that the integration does not know are refused, as AWS does when the machine is created. */
export const unsupported = (message: string): TaskFailure => taskFailure('States.Runtime', message);
