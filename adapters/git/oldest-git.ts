/** The first git that takes all its configuration from the environment (GIT_CONFIG_COUNT, GIT_CONFIG_GLOBAL); an older one would run unsealed. */
export const oldestGit = [2, 32] as const;
