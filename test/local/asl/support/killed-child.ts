import { systemClock } from '../../../../local/asl/clock';
import { createEngine } from '../../../../local/asl/engine';
import { systemRandomness } from '../../../../local/asl/randomness';
import { createFileStore } from '../../../../local/asl/store';

// A process of its own that runs until it is killed: `node killed-child.js FOLDER`. It says "running" when the children wait.
const [folder = ''] = process.argv.slice(2);
const engine = createEngine({
  home: { region: 'eu-west-1', accountId: '123456789012' },
  clock: systemClock,
  randomness: systemRandomness,
  integrations: async () => null,
  store: createFileStore(folder),
});
const processor = {
  ProcessorConfig: { Mode: 'DISTRIBUTED' },
  StartAt: 'W',
  States: { W: { Type: 'Wait', Seconds: 3600, End: true } },
};
const definition = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'Before',
  States: {
    Before: { Type: 'Pass', Assign: { kept: 1 }, Next: 'M' },
    M: { Type: 'Map', Label: 'items', Items: [1, 2], ItemProcessor: processor, End: true },
  },
});
const { machine } = engine.machines.create({ name: 'killed', definition, roleArn: 'arn:aws:iam::123456789012:role/r' });
let waits = 0;
engine.onEvent((_, { type }) => {
  if (type === 'WaitStateEntered') waits += 1;
  if (waits === 2) process.stdout.write('running\n');
});
engine.startExecution({ stateMachineArn: machine.stateMachineArn, name: 'run' });
setInterval(() => undefined, 60_000);
