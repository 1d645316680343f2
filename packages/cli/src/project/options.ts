import type { Command } from 'commander'

/** What docker compose has to say which project is meant. */
export interface ProjectOptions {
  file?: string[]
  projectName?: string
  projectDirectory?: string
  profile?: string[]
  envFile?: string[]
  /** Of `landfall.yaml`. */
  environment?: string
}

const collect = (value: string, before: string[] = []): string[] => [...before, value]

/** The PROJECT argument and the options that mean the same as those of docker compose; a command may want `-f` for itself. */
export function addProject(command: Command, fileFlags = '-f, --file'): Command {
  return command
    .argument('[PROJECT]', 'a folder or a Compose file')
    .option(`${fileFlags} <file>`, 'Compose file; several are merged', collect)
    .option('-p, --project-name <name>', 'name of the project')
    .option('--profile <name>', 'a profile to enable', collect)
    .option('--env-file <file>', 'environment file for interpolation, instead of .env', collect)
    .option('--project-directory <dir>', 'where relative paths of the project start')
}

/** The option of commands that convert: which of the environments in `landfall.yaml` is meant. */
export function addEnvironment(command: Command): Command {
  return command.option('--environment <name>', 'an environment of landfall.yaml, such as prod')
}
