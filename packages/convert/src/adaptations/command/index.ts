import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { containersOf } from '../../objects/bundle-draft.ts'
import { literal } from '../../objects/pod.ts'

const id = 'command'

/** Without an entrypoint the command is the program: that of the project, else that of the image. */
function planCleared({ compose, plan, note, image }: ServiceConversion): void {
  const cleared = 'the entrypoint of the image is not used'
  const { command } = image.facts
  if (compose.command != null && compose.command.length > 0)
    note(id, ['entrypoint'], 'kept', `${cleared}: the command is the program`)
  else if (command !== undefined) {
    plan.command = [...command]
    note(id, ['entrypoint'], 'adapted', `${cleared}: the command of the image is the program`)
  } else
    note(id, ['entrypoint'], 'dropped', `${cleared}, and the command of the image is not known`, {
      dangerous: true,
      hint: 'write the command',
    })
}

export default {
  id,
  title: 'Start the program with its entrypoint, command and working directory',
  plan({ services }) {
    for (const service of services) {
      const { compose, plan, note } = service
      const { entrypoint, command, working_dir } = compose
      if (entrypoint?.length === 0) planCleared(service)
      else if (entrypoint !== undefined)
        note(
          id,
          ['entrypoint'],
          'kept',
          'replaces the entrypoint of the image, whose command is then not used',
        )
      if (command !== undefined) note(id, ['command'], 'kept', 'replaces the command of the image')
      if (working_dir !== undefined) {
        plan.workingDir = working_dir
        note(id, ['working_dir'], 'kept', 'workingDir')
      }
      if (compose.tty === true) plan.tty = true
      if (compose.stdin_open === true) plan.stdin = true
      for (const key of ['tty', 'stdin_open'] as const)
        if (compose[key] !== undefined) note(id, [key], 'kept', 'as the container has it')
      if (compose.init === true)
        note(
          id,
          ['init'],
          'dropped',
          'the program is process 1: it has to collect its own dead children, and to listen for SIGTERM or it is killed when its time to stop is over',
          { hint: 'start it with tini or dumb-init in its image' },
        )
      else if (compose.init === false) note(id, ['init'], 'kept', 'the program is process 1')
    }
  },
  build(draft) {
    for (const { service, container } of containersOf(draft, 'program')) {
      const entrypoint = service.entrypoint?.map(literal)
      const command = service.command?.map(literal)
      const cleared = entrypoint?.length === 0
      if (entrypoint !== undefined && !cleared) container.command = entrypoint
      if (command !== undefined && command.length > 0)
        container[cleared ? 'command' : 'args'] = command
      if (service.workingDir !== undefined) container.workingDir = service.workingDir
      if (service.tty !== undefined) container.tty = service.tty
      if (service.stdin !== undefined) container.stdin = service.stdin
    }
  },
} satisfies Adaptation
