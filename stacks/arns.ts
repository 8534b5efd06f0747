import { type Names, namesOf } from '../config/naming';
import type { Environment } from '../config/schema';

/** ARNs that follow from names. A policy that is written this way needs no reference to the resource, so no cycle and no second stack. */
export const arnsOf = (environment: Pick<Environment, 'name' | 'account' | 'region'>) => {
  const names: Names = namesOf(environment);
  const { account, region } = environment;
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
  const locksTable = arn('dynamodb', `table/${names.locksTable}`);
  return {
    account: `arn:aws:iam::${account}:root`,
    artifacts: `arn:aws:s3:::${names.artifactsBucket}`,
    releases: `arn:aws:s3:::${names.releasesBucket}`,
    locksTable,
    heldLocksIndex: `${locksTable}/index/${names.heldLocksIndex}`,
    boardSettings: arn('ssm', `parameter${names.boardSettingsParameter}`),
    creditBudget: arn('ssm', `parameter${names.creditBudgetParameter}`),
    deadLetterQueue: arn('sqs', names.deadLetterQueue),
    topic: arn('sns', names.topic),
    task: (task: string) => arn('lambda', `function:${names.task(task)}`),
    stateMachine: names.stateMachineArn,
    /** Executions of the machine, and the children of its Map. */
    executions: `${names.executionArns}:*`,
    itemExecutions: `${names.executionArns}/${names.itemMapLabel}:*`,
    schedule: arn('scheduler', `schedule/${names.scheduleGroup}/${names.schedule}`),
    scheduleGroup: arn('scheduler', `schedule-group/${names.scheduleGroup}`),
    project: (project: 'git' | 'builder') =>
      arn('codebuild', `project/${project === 'git' ? names.gitProject : names.builderProject}`),
    reportGroup: (what: 'tests' | 'coverage') => arn('codebuild', `report-group/${names.reportGroup(what)}`),
    /** The rule by which Step Functions hears that a build has ended; the name is AWS's. */
    buildEventsRule: arn('events', 'rule/StepFunctionsGetEventForCodeBuildStartBuildRule'),
    logGroup: (logGroup: string) => arn('logs', `log-group:${logGroup}`),
    everyLog: arn('logs', '*'),
  } as const;
};

export type Arns = ReturnType<typeof arnsOf>;
