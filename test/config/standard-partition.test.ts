import { expect } from 'chai';
import { loadEnvironments, parseEnvironment } from '../../config/load';

describe('the region of an environment', () => {
  it('is one of the partition whose ARNs the stacks form', () => {
    const [environment] = loadEnvironments();
    for (const region of ['cn-north-1', 'us-gov-west-1', 'us-iso-east-1'])
      expect(() => parseEnvironment({ ...environment, region }), region).to.throw(/standard partition/);
    for (const region of ['eu-central-1', 'ap-southeast-2', 'us-east-1'])
      expect(parseEnvironment({ ...environment, region }).region).to.equal(region);
  });
});
