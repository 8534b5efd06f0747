import type { ExecutionStatus, MapRunStatus } from '@aws-sdk/client-sfn';

/** An execution as it is kept on disk. Dates are ISO texts, input and output JSON texts. */
export type ExecutionRecord = {
  readonly executionArn: string;
  readonly name: string;
  /** `<machine>`, or `<machine>/<label>` for the children of a map run. */
  readonly machine: string;
  readonly stateMachineArn: string;
  readonly stateMachineVersionArn?: string | undefined;
  readonly stateMachineAliasArn?: string | undefined;
  readonly mapRunArn?: string | undefined;
  readonly roleArn: string;
  /** When the definition that it runs was written. */
  readonly definitionDate: string;
  readonly status: ExecutionStatus;
  readonly startDate: string;
  readonly stopDate?: string | undefined;
  readonly input: string;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  readonly redriveCount: number;
  readonly redriveDate?: string | undefined;
};

export type MapRunRecord = {
  readonly mapRunArn: string;
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly label: string;
  readonly status: MapRunStatus;
  readonly startDate: string;
  readonly stopDate?: string | undefined;
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number;
  readonly toleratedFailurePercentage: number;
  readonly total: number;
};

export type VersionRecord = {
  readonly number: number;
  readonly definition: string;
  readonly roleArn: string;
  readonly creationDate: string;
  readonly description?: string | undefined;
};

export type Route = { readonly stateMachineVersionArn: string; readonly weight: number };

export type AliasRecord = {
  readonly name: string;
  readonly description?: string | undefined;
  readonly routes: readonly Route[];
  readonly creationDate: string;
  readonly updateDate: string;
};

export type MachineRecord = {
  readonly name: string;
  readonly stateMachineArn: string;
  readonly roleArn: string;
  readonly definition: string;
  readonly creationDate: string;
  readonly updateDate: string;
  readonly revisionId: string;
  readonly published: number;
  readonly versions: readonly VersionRecord[];
  readonly aliases: readonly AliasRecord[];
};
