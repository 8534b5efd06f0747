import { expect } from 'chai';
import { WorkerError } from '../../domain/errors';
import { hasBorneFruit } from '../../domain/fruitful';
import { publishResult, verdict } from '../support/build-results';
import { failureOf } from '../support/failure-of';

const PUBLISHED = 'builds/run-1/publish/publish.json';
const JUDGED = 'verdicts/run-1.json';

describe('hasBorneFruit', () => {
  const ask = (files: Readonly<Record<string, string | Error>>) =>
    hasBorneFruit('run-1', {
      artifacts: {
        readText: async (key) => {
          const file = files[key] ?? null;
          if (file instanceof Error) throw file;
          return file;
        },
      },
    });
  const published = JSON.stringify(publishResult());
  const good = JSON.stringify(verdict({ kind: 'green', finishedTasks: 1 }));

  it('believes what can be read, and takes what cannot for nothing', async () => {
    expect(await ask({ [PUBLISHED]: published, [JUDGED]: good })).to.equal(true);
    expect(await ask({ [PUBLISHED]: '{"version":1', [JUDGED]: good })).to.equal(false);
    expect(await ask({ [PUBLISHED]: published, [JUDGED]: '{}' })).to.equal(false);
    expect(await ask({ [JUDGED]: good })).to.equal(false);
  });

  it('does not judge while the files cannot be reached: an outage is no run in vain', async () => {
    const away = new WorkerError('AwsUnavailable', 'S3 answered 503.');
    expect((await failureOf(ask({ [PUBLISHED]: away, [JUDGED]: good }))).name).to.equal('AwsUnavailable');
    expect((await failureOf(ask({ [PUBLISHED]: published, [JUDGED]: away }))).name).to.equal('AwsUnavailable');
  });
});
