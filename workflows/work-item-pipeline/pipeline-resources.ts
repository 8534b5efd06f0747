/** What the machine needs of the world, handed in by whoever deploys it. */
export type PipelineResources = {
  /** Qualified ARN of a task's function: a version of the machine pins the code of its tasks. */
  readonly functionArn: (task: string) => string;
  readonly deadLetterQueueUrl: string;
  readonly gitProject: string;
  readonly builderProject: string;
  /** `bucket/key` of the worker's zip, and the version of that object: a version of the machine pins that code, too. */
  readonly workerSource: string;
  readonly workerSourceVersion: string;
  readonly environment: string;
  readonly release: string;
  readonly maxConcurrentItems: number;
  readonly buildTimeoutMinutes: number;
  readonly queuedTimeoutMinutes: number;
  readonly itemMapLabel: string;
};
