/** Phases that `docker compose config` can leave out. All are run unless they are false. */
export interface Phases {
  /** `--no-interpolate`: variables stay, and so do short forms that cannot be read because of them. */
  readonly interpolate?: boolean
  /** If not, no variable has a value from outside; the project is still named by them. */
  readonly environment?: boolean
  /** `--no-normalize`: no implied networks, dependencies and names. */
  readonly normalize?: boolean
  /** `--no-path-resolution`: relative paths stay, except those that come from included and extended files. */
  readonly resolvePaths?: boolean
  /** `--no-consistency` */
  readonly checkConsistency?: boolean
  /** Env files are read into `environment`. */
  readonly resolveEnvironment?: boolean
}
