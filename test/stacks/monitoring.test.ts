import { expect } from 'chai';
import { loadEnvironments } from '../../config/load';
import { namesOf } from '../../config/naming';
import type { Environment } from '../../config/schema';
import { breakerMetric } from '../../lambdas/_kit/contract';
import { taskContracts } from '../../lambdas/registry';
import {
  onlyResource,
  type Resource,
  resourcesOf,
  synthesizedStacks,
  synthesizeNow,
} from '../support/synthesized-stacks';

const stackOf = (environment: Environment) => synthesizedStacks().stack(environment, 'monitoring');
const alarmsOf = (environment: Environment): ReadonlyMap<string, Resource> =>
  new Map(
    resourcesOf(stackOf(environment), 'aws_cloudwatch_metric_alarm').map(([, alarm]) => [
      String(alarm.alarm_name),
      alarm,
    ]),
  );

describe('monitoring', () => {
  for (const environment of loadEnvironments()) {
    const { alarm, deadLetterQueue, builderProject } = namesOf(environment);

    it(`raises an alarm for the first dead letter in ${environment.name}`, () => {
      expect(alarmsOf(environment).get(alarm('dead-letters'))).to.deep.include({
        metric_name: 'ApproximateNumberOfMessagesVisible',
        dimensions: { QueueName: deadLetterQueue },
        comparison_operator: 'GreaterThanThreshold',
        threshold: 0,
        treat_missing_data: 'notBreaching',
      });
    });

    it(`raises an alarm for the first failed item, whatever release it ran, in ${environment.name}`, () => {
      expect(alarmsOf(environment).get(alarm('failed-items'))?.metric_query).to.deep.equal([
        {
          id: 'q1',
          expression: `SELECT SUM(ReportFailureReported) FROM "KiroWorker" WHERE Environment = '${environment.name}'`,
          period: 300,
          return_data: true,
        },
      ]);
    });

    it(`raises an alarm when no tick has read the board of ${environment.name} to its end, also when there is no data at all`, () => {
      expect(alarmsOf(environment).get(alarm('poll-heartbeat'))).to.deep.include({
        namespace: 'KiroWorker',
        metric_name: 'PollWorkItemsSucceeded',
        dimensions: { Environment: environment.name },
        comparison_operator: 'LessThanThreshold',
        threshold: 1,
        period: environment.pollIntervalMinutes * 60,
        evaluation_periods: 3,
        treat_missing_data: 'breaching',
      });
    });

    it(`raises an alarm when the circuit breaker opens and when the budget stops everything in ${environment.name}`, () => {
      const queryOf = (what: string) => JSON.stringify(alarmsOf(environment).get(alarm(what))?.metric_query);
      expect(queryOf('breaker-opened')).to.contain('SUM(CircuitBreakerOpened)');
      expect(queryOf('stopped-ticks')).to.contain('SUM(PollWorkItemsStopped)');
    });

    it(`raises an alarm for builds above 60 minutes, which the time limit of ${environment.name} allows to happen`, () => {
      const long = alarmsOf(environment).get(alarm('long-build-builder'));
      expect(long).to.deep.include({ dimensions: { ProjectName: builderProject }, threshold: 3600 });
      expect(environment.buildTimeoutMinutes).to.be.above(60);
    });
  }

  it('counts only outcomes that the tasks emit', () => {
    const states = taskContracts.map(({ state }) => state);
    for (const environment of loadEnvironments())
      for (const [name, { metric_query: query }] of alarmsOf(environment)) {
        const metric = /SUM\((\w+)\)/.exec(JSON.stringify(query ?? ''))?.[1];
        if (metric)
          expect(
            metric === breakerMetric || states.some((state) => metric.startsWith(state)),
            `${name}: ${metric}`,
          ).to.equal(true);
      }
  });

  it('tells everybody who is named in the configuration', () => {
    const [environment] = loadEnvironments();
    if (!environment) throw new Error('there is no environment');
    const people = ['first@example.com', 'second@example.com'];
    const watched: Environment = { ...environment, alarmEmails: people };
    const stack = synthesizeNow([watched]).stack(watched, 'monitoring');
    const subscriptions = resourcesOf(stack, 'aws_sns_topic_subscription').map(([, { endpoint, protocol }]) => [
      protocol,
      endpoint,
    ]);
    expect(subscriptions).to.have.deep.members(people.map((person) => ['email', person]));
  });

  it('has a dashboard that CloudWatch can parse', () => {
    for (const environment of loadEnvironments()) {
      const { dashboard_body: body } = onlyResource(stackOf(environment), 'aws_cloudwatch_dashboard');
      expect(String(body)).to.not.include('${');
      expect((JSON.parse(String(body)) as { widgets: unknown[] }).widgets).to.have.length(7);
      for (const outcome of ['Items', 'Idle', 'Waiting', 'Refused', 'Stopped', 'RateLimited', 'Failed'])
        expect(String(body)).to.contain(`PollWorkItems${outcome}`);
    }
  });
});
