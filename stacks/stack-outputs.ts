import type { StackKind } from '../config/naming';

/**
 * What each stack exports, under names that never change. Append only: a later stack of an earlier release may still read an output, and
 * taking it away would make rolling back that stack alone impossible. Removing one takes two releases.
 */
export const stackOutputs = {
  core: ['key_arn', 'artifacts_bucket', 'releases_bucket', 'locks_table', 'ledger_table'],
  secrets: [
    'github_token_secret_arn',
    'git_credentials_secret_arn',
    'kiro_api_key_secret_arn',
    'board_settings_parameter',
    'credit_budget_parameter',
  ],
  poller: [
    'state_machine_arn',
    'state_machine_version_arn',
    'live_alias_arn',
    'dead_letter_queue_url',
    'schedule_group',
    'schedule_name',
    'release',
    'release_digest',
    'next_step',
  ],
  codebuild: ['git_project', 'builder_project', 'tests_report_group_arn', 'coverage_report_group_arn'],
  monitoring: ['topic_arn', 'dashboard'],
} as const satisfies Record<StackKind, readonly string[]>;

export type OutputName<Kind extends StackKind> = (typeof stackOutputs)[Kind][number];
