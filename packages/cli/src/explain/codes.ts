/** Every code that a command reports by itself, each with the one line that documents it. */
export const cliCodes = {
  'cli/build-failed':
    'The image of a `build` section could not be built; the output of the build is printed with it, and the hint says what to look at.',
} as const satisfies Record<`cli/${string}`, string>

export type CliCode = keyof typeof cliCodes
