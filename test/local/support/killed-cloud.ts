import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironment } from '../../../config/load';
import { startLocalCloud } from '../../../local/cloud';
import { smallItem } from './small-pipeline';

// A process of its own that runs until it is killed: `node killed-cloud.js FOLDER`. It says "running" once a build has said "ready".
const [folder = ''] = process.argv.slice(2);

const main = async (): Promise<void> => {
  const cloud = await startLocalCloud({
    stateFolder: join(folder, 'state'),
    stacksFolder: join(folder, 'cdktf.out'),
    bundlesFolder: join(folder, 'bundles'),
    environment: loadEnvironment('test'),
    searchPath: process.env.PATH ?? '',
    buildUser: '',
    variables: { functions: {}, git: {}, builder: {} },
  });
  await cloud.objects.put(cloud.names.artifactsBucket, 'kept', Buffer.from('an object'));
  cloud.queue.send(cloud.deadLetterQueueUrl, 'a letter');
  cloud.engine.startExecution({ stateMachineArn: cloud.liveAliasArn, input: JSON.stringify({ items: [smallItem] }) });
  setInterval(() => {
    const [build] = cloud.builds;
    if (build && existsSync(build.logFile) && readFileSync(build.logFile, 'utf8').includes('\nready'))
      process.stdout.write('running\n');
  }, 20);
};

void main();
