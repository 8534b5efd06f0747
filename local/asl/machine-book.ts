import { type Home, type MachineReference, parseMachineArn } from './arns';
import type { Clock } from './clock';
import { apiError } from './failures';
import type { Randomness } from './randomness';
import type { MachineRecord, VersionRecord } from './records';
import type { Store } from './store';

export type MachineDeps = {
  readonly home: Home;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly store: Store;
};

/** The machines that there are, in memory and on disk, found by the ARNs of machines, versions and aliases. */
export type MachineBook = {
  readonly save: (machine: MachineRecord) => MachineRecord;
  readonly named: (name: string) => MachineRecord | undefined;
  readonly list: () => readonly MachineRecord[];
  /** @throws InvalidArn, StateMachineDoesNotExist */
  readonly lookUp: (arn: string) => { readonly machine: MachineRecord; readonly reference: MachineReference };
  /** @throws InvalidArn, StateMachineDoesNotExist */
  readonly version: (arn: string) => { readonly machine: MachineRecord; readonly version: VersionRecord };
};

export const unknownMachine = (arn: string): Error =>
  apiError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);

export const openMachineBook = (store: Store): MachineBook => {
  const known = new Map(store.machines().map((machine) => [machine.name, machine]));

  const lookUp: MachineBook['lookUp'] = (arn) => {
    const reference = parseMachineArn(arn);
    const machine = known.get(reference.machine);
    if (!machine) throw unknownMachine(arn);
    return { machine, reference };
  };

  return {
    save: (machine) => {
      known.set(machine.name, machine);
      store.saveMachine(machine);
      return machine;
    },
    named: (name) => known.get(name),
    list: () => [...known.values()],
    lookUp,
    version: (arn) => {
      const { machine, reference } = lookUp(arn);
      const version = machine.versions.find(({ number }) => String(number) === reference.qualifier);
      if (!version) throw unknownMachine(arn);
      return { machine, version };
    },
  };
};
