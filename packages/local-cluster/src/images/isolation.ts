/**
 * What is put before a command so that it runs in mount and process namespaces of its own: what it mounts is seen by no one
 * else, and what it starts ends with it.
 */
export const isolation = {
  program: 'unshare',
  options: ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child'],
} as const
