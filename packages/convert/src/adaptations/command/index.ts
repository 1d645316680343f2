import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { containersOf } from '../../objects/bundle-draft.ts'
import { numbered } from '../../objects/identity.ts'
import { literal } from '../../objects/pod.ts'
import { reason } from './reasons.ts'

/** Without an entrypoint the command is the program: that of the project, else that of the image. */
function planCleared({ compose, plan, note, image }: ServiceConversion): void {
  const { command } = image.facts
  if (compose.command != null && compose.command.length > 0)
    note(['entrypoint'], reason('cleared-entrypoint'))
  else if (command !== undefined) {
    plan.command = [...command]
    note(['entrypoint'], reason('runs-image-command'))
  } else note(['entrypoint'], reason('no-command'))
}

export default {
  id: 'command',
  reasons: reason,
  title: 'Start the program with its entrypoint, command and working directory',
  plan({ services }) {
    for (const service of services) {
      const { compose, plan, note } = service
      const { entrypoint, command, working_dir } = compose
      if (entrypoint?.length === 0) planCleared(service)
      else if (entrypoint !== undefined) note(['entrypoint'], reason('replaces-entrypoint'))
      if (command !== undefined) note(['command'], reason('replaces-command'))
      if (working_dir !== undefined) {
        plan.workingDir = working_dir
        note(['working_dir'], reason('working-dir'))
      }
      if (compose.tty === true) plan.tty = true
      if (compose.stdin_open === true) plan.stdin = true
      for (const key of ['tty', 'stdin_open'] as const)
        if (compose[key] !== undefined) note([key], reason('terminal'))
      if (compose.init === true) note(['init'], reason('no-init'))
      else if (compose.init === false) note(['init'], reason('pid-1'))
    }
  },
  build(draft) {
    for (const { service, container } of containersOf(draft, 'program')) {
      const inContainer = (text: string) => numbered(service, literal(text))
      const entrypoint = service.entrypoint?.map(inContainer)
      const command = service.command?.map(inContainer)
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
