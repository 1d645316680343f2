/** What the loader itself reads of a role; `stand-in/role.schema.json` is the whole format. */
export interface Role {
  role: string
  image: string
  container: {
    entrypoint?: string[]
    cmd?: string[]
    env?: Record<string, string>
    expose?: (number | string)[]
    volumes?: string[]
    user?: string
    workdir?: string
  }
  files?: RoleFile[]
  listeners?: Record<string, { stream?: number }>
  steps: { take?: string }[]
  /** Other programs of the image, by absolute path. */
  commands?: Record<string, unknown>
}

/** A file of the image, or a directory when it has no content. */
export interface RoleFile {
  path: string
  content?: string
  uid?: number
  gid?: number
  /** Octal. */
  mode?: string
}

/** One thing that is wrong with a role, at a place for people: line and column start at 1. */
export interface RoleProblem {
  file: string
  line: number
  column: number
  message: string
}

/** The roles of a directory cannot be played; the message names each problem with its place. */
export class InvalidRoles extends Error {
  override readonly name = 'InvalidRoles'
  readonly problems: readonly RoleProblem[]

  constructor(problems: readonly RoleProblem[]) {
    super(
      problems
        .map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`)
        .join('\n'),
    )
    this.problems = problems
  }
}
