const USUAL = '/usr/local/bin:/usr/bin:/bin';

/**
 * The absolute folders of a PATH. Any other, and an empty one, which means ".", is looked up where a program is started: in a work tree, where somebody may
 * have put a "git" for us to run.
 */
export const absoluteSearchPath = (path: string): string =>
  path
    .split(':')
    .filter((folder) => folder.startsWith('/'))
    .join(':') || USUAL;
