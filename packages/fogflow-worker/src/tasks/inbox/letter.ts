import { type Message, parseMessage, taskIdOf } from '../../protocol/message.ts'

/** A message of which it is not certain yet that the objects of its task have it. */
export interface Letter {
  taskId: string
  /** The message as it came. */
  text: string
  /** Earlier messages on the task have no effect any more. */
  supersedes: boolean
}

/** Undefined for a message that asks nothing of this worker. */
export function letterOf(message: Message, text: string, worker: string): Letter | undefined {
  const taskId = taskIdOf(message)
  if (taskId === undefined || message.worker !== worker) return undefined
  return { taskId, text, supersedes: message.type === 'REMOVE_TASK' }
}

/** A message that was stored; undefined if a person has changed it. */
export function readLetter(text: string, worker: string): [Letter, Message] | undefined {
  try {
    const message = parseMessage(Buffer.from(text))
    const letter = letterOf(message, text, worker)
    return letter === undefined ? undefined : [letter, message]
  } catch {
    return undefined
  }
}
