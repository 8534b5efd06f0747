import { expect } from 'chai';
import { commandOption } from '../../../lambdas/_kit/command-option';

describe('commandOption', () => {
  it('names the environment in AWS, and nothing on one machine', () => {
    expect(commandOption({ ENVIRONMENT: 'staging', AWS_ENDPOINT_URL: undefined })).to.equal(' --env staging');
    expect(commandOption({ ENVIRONMENT: 'test', AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' })).to.equal('');
  });
});
