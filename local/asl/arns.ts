import { apiError } from './failures';

/** Where an engine lives: the parts that all its ARNs share. */
export type Home = { readonly region: string; readonly accountId: string };

const prefix = ({ region, accountId }: Home): string => `arn:aws:states:${region}:${accountId}`;

export const machineArn = (home: Home, machine: string): string => `${prefix(home)}:stateMachine:${machine}`;
export const executionArn = (home: Home, machine: string, name: string): string =>
  `${prefix(home)}:execution:${machine}:${name}`;
/** `machine` of a map run is `<machine>/<label>`. */
export const mapRunArn = (home: Home, machine: string, id: string): string => `${prefix(home)}:mapRun:${machine}:${id}`;

/** A state machine ARN taken apart; `qualifier` is a version number or an alias name. */
export type MachineReference = { readonly machine: string; readonly qualifier?: string };

const machinePattern = /^arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:stateMachine:([^:]+)(?::([^:]+))?$/;

/** @throws InvalidArn when the text is not the ARN of a state machine, version or alias. */
export const parseMachineArn = (arn: string): MachineReference => {
  const [, machine, qualifier] = machinePattern.exec(arn) ?? [];
  if (!machine) throw apiError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  return qualifier ? { machine, qualifier } : { machine };
};

const invalidName = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

/** The rule of AWS for names of state machines and executions. @throws InvalidName */
export const checkName = (name: string): string => {
  if (name.length < 1 || name.length > 80 || invalidName.test(name))
    throw apiError('InvalidName', `Invalid Name: '${name}'`);
  return name;
};

const executionPattern = /^arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:(execution|mapRun):[^:]+:[^:]+$/;

/** @throws InvalidArn when the text is not the ARN of the kind of thing asked for. */
export const checkRunArn = (arn: string, kind: 'execution' | 'mapRun'): string => {
  if (executionPattern.exec(arn)?.[1] !== kind)
    throw apiError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${arn}'`);
  return arn;
};
