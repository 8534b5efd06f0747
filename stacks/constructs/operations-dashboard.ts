import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Construct } from 'constructs';
import { tickOutcomes } from '../../domain/receipt';
import { metricOf } from '../../lambdas/_kit/contract';
import { environmentStackOf } from '../environment-stack';
import { metricsNamespace } from './task-variables';

type Metric =
  | readonly [namespace: string, metric: string, dimension: string, value: string]
  | readonly [{ readonly expression: string; readonly id: string }];

const WIDTH = 12;
const HEIGHT = 6;

/** What an operator looks at first: ticks, items in trouble, tasks that fail, builds. */
export class OperationsDashboard extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, { tasks }: { readonly tasks: readonly string[] }) {
    super(scope, id);
    const { names, arns, environment } = environmentStackOf(this);
    const ofMachine = (metric: string): Metric => ['AWS/States', metric, 'StateMachineArn', arns.stateMachine];
    const ofBuilds = (metric: string): readonly Metric[] =>
      [names.gitProject, names.builderProject].map((project) => ['AWS/CodeBuild', metric, 'ProjectName', project]);
    /** A line for each release: it is a dimension of our own metrics. */
    const ofTasks = (name: string): Metric => [
      {
        id: 'e1',
        expression: `SEARCH('{${metricsNamespace},Environment,Release} Environment="${environment.name}" MetricName=(${name})', 'Sum', 300)`,
      },
    ];
    const ticks = tickOutcomes.map((outcome) => `"${metricOf({ state: 'PollWorkItems' }, outcome)}"`).join(' OR ');
    const credits = '"RecordSpendingCredits" OR "RecordSpendingUnknownRuns"';
    const charts: readonly (readonly [string, string, readonly Metric[]])[] = [
      [
        'Ticks',
        'Sum',
        [ofMachine('ExecutionsStarted'), ofMachine('ExecutionsSucceeded'), ofMachine('ExecutionsFailed')],
      ],
      [
        'Dead letters',
        'Maximum',
        [['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', names.deadLetterQueue]],
      ],
      ['Ticks by outcome', 'Sum', [ofTasks(ticks)]],
      ['Credits and runs of unknown cost', 'Sum', [ofTasks(credits)]],
      ['Failing tasks', 'Sum', tasks.map((task) => ['AWS/Lambda', 'Errors', 'FunctionName', names.task(task)])],
      ['Duration of builds in seconds', 'Maximum', ofBuilds('Duration')],
      ['Failed builds', 'Sum', ofBuilds('FailedBuilds')],
    ];
    this.name = names.dashboard;
    new CloudwatchDashboard(this, 'dashboard', {
      dashboardName: this.name,
      dashboardBody: JSON.stringify({
        widgets: charts.map(([title, stat, metrics], index) => ({
          type: 'metric',
          x: (index % 2) * WIDTH,
          y: Math.floor(index / 2) * HEIGHT,
          width: WIDTH,
          height: HEIGHT,
          properties: { title, stat, metrics, region: environment.region, period: 300, view: 'timeSeries' },
        })),
      }),
    });
  }
}
