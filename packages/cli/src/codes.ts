/** Every code of an error that the command line itself reports, each with the one line that documents it. */
export const cliCodes = {
  'cli/usage':
    'The command line, the kubeconfig or this machine does not allow what the command is to do.',
  'cli/failed': 'Something outside of the project failed; the message says what.',
  'cli/cluster-refused':
    'The API server of the cluster refused a request; the message is its own, or names the right that the account lacks.',
  'cli/cluster-unreachable':
    'The API server of the cluster cannot be reached, or does not answer as the Kubernetes API specifies.',
  'cli/build-failed':
    'An image that the project builds cannot be built. The message holds the last lines of the build.',
  'cli/unfetched-context':
    'A Git repository or an archive that an image is built from cannot be fetched.',
  'cli/interrupted': 'The command was interrupted. Running it again continues from there.',
  'cli/bug': 'A bug in Landfall. Please report it with the stack trace on stderr and the project.',
} as const satisfies Record<`cli/${string}`, string>

export type CliCode = keyof typeof cliCodes
