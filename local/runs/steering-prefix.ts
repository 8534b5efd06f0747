import type { RunSettings } from './run-settings';

type Setting = NonNullable<RunSettings['steering']>;

/** Where the package of a run lies in the releases bucket: by its digest, so that a redrive gets the same one. */
export const steeringPrefix = ({ name, digest }: Pick<Setting, 'name' | 'digest'>): string =>
  `steering/${name}/${digest}`;
