/**
 * The configuration under which every git of ours runs. It is handed over in the environment (GIT_CONFIG_COUNT, git-config(1)), where it beats every file, the
 * repository's own included: nothing that a repository or a machine configures may run a program, ask somebody, or reach another host.
 */
const SEALED_CONFIG: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.attributesFile': '/dev/null',
  'core.excludesFile': '/dev/null',
  'core.alternateRefsCommand': 'true',
  'core.askPass': '',
  'core.pager': 'cat',
  'core.editor': 'false',
  'core.sshCommand': 'false',
  'core.protectHFS': 'true',
  'core.protectNTFS': 'true',
  'core.quotePath': 'false',
  'credential.helper': '',
  'commit.gpgSign': 'false',
  'fetch.recurseSubmodules': 'false',
  'fetch.unpackLimit': '1',
  'gc.auto': '0',
  'http.followRedirects': 'false',
  // A server that packs a large repository sends no more than a sign of life every five seconds.
  'http.lowSpeedLimit': '1',
  'http.lowSpeedTime': '120',
  'http.sslVerify': 'true',
  'init.defaultBranch': 'main',
  'init.templateDir': '',
  'maintenance.auto': 'false',
  'push.gpgSign': 'false',
  'push.recurseSubmodules': 'no',
  'safe.directory': '*',
  'submodule.recurse': 'false',
};

/** Git's way to hand over configuration without a command line or a file. */
const configVariables = (config: Readonly<Record<string, string>>): Record<string, string> => {
  const entries = Object.entries(config);
  return Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(entries.length)],
    ...entries.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ]);
};

export type GitSetting = {
  /** The PATH on which git is found. */
  readonly searchPath: string;
  /** The repository; it is never looked for. */
  readonly gitDir: string;
  /** Absent: the repository is bare. */
  readonly workTree?: string;
  /** How git may reach another repository: not at all, over http(s), or a file (which a bundle is). */
  readonly protocol?: 'http' | 'https' | 'file';
  /** Further configuration, secrets too: no other process sees this environment. */
  readonly config?: Readonly<Record<string, string>>;
  /** Further variables: GIT_AUTHOR_NAME and the like. */
  readonly variables?: Readonly<Record<string, string>>;
};

/**
 * The whole environment of one git process. Nothing is inherited, so no GIT_ALTERNATE_OBJECT_DIRECTORIES, GIT_SSH, GIT_TRACE… comes in from outside. HOME is
 * no folder, so neither git's nor curl's files there (.netrc) are read.
 */
export const sealedEnvironment = (setting: GitSetting): Record<string, string> => ({
  ...setting.variables,
  PATH: setting.searchPath,
  HOME: '/dev/null',
  LC_ALL: 'C',
  GIT_DIR: setting.gitDir,
  ...(setting.workTree ? { GIT_WORK_TREE: setting.workTree } : {}),
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_ASKPASS: '',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: setting.protocol ?? 'none',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LITERAL_PATHSPECS: '1',
  ...configVariables({ ...setting.config, ...SEALED_CONFIG }),
});
