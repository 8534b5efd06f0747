import type { Names } from '../../config/naming';
import type { Home } from '../asl/arns';
import type { Clock } from '../asl/clock';
import type { EnvironmentDescription } from '../stacks/describe-environment';
import type { LocalCloudOptions } from './options';

/** What all parts of one local cloud are told. */
export type Site = LocalCloudOptions & {
  /** Where its endpoints listen. */
  readonly url: string;
  readonly home: Home;
  readonly names: Names;
  readonly description: EnvironmentDescription;
  readonly clock: Clock;
};
