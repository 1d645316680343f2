import { fieldsOf, listIn, numberIn, requiredText, textIn } from './read.ts'

/** An input of a task: one entity, or all of a type if `id` is empty. */
export interface Input {
  type: string
  id: string
  attributes: readonly string[]
}

export interface Output {
  type: string
  id: string
}

/** A task as the master plans it: the payload of ADD_TASK. */
export interface Task {
  id: string
  /** Of the worker that the master has chosen. */
  worker: string
  topology: string
  name: string
  intent: string
  operator: string
  /** Empty if the operator has none. */
  code: string
  /** Empty if no image of the operator is for this kind of worker. */
  image: string
  /** Ports on which the task serves others. */
  servicePorts: readonly number[]
  exclusive: boolean
  priority: number
  inputs: readonly Input[]
  outputs: readonly Output[]
  /** The payload itself. */
  raw: unknown
}

/** FogFlow's Docker engine has the second name. */
const SERVICE_PORT_NAMES: readonly string[] = ['service-port', 'service_port']

/** Reads the payload of ADD_TASK. Throws a ProtocolError that names the field. */
export function parseTask(raw: unknown): Task {
  const what = 'the task'
  const fields = fieldsOf(raw, what)
  return {
    id: requiredText(fields, 'ID', what),
    worker: textIn(fields, 'WorkerID', what),
    topology: textIn(fields, 'TopologyName', what),
    name: textIn(fields, 'TaskName', what),
    intent: textIn(fields, 'ServiceIntentID', what),
    operator: textIn(fields, 'OperatorName', what),
    code: textIn(fields, 'FunctionCode', what),
    image: textIn(fields, 'DockerImage', what),
    servicePorts: servicePortsOf(listIn(fields, 'Parameters', what)),
    exclusive: fields.IsExclusive === true,
    priority: numberIn(fields, 'PriorityLevel', what) ?? 0,
    inputs: listIn(fields, 'Inputs', what).map(parseInput),
    outputs: listIn(fields, 'Outputs', what).map((output, index) => {
      const of = `${what}.Outputs[${index}]`
      const read = fieldsOf(output, of)
      return { type: textIn(read, 'Type', of), id: requiredText(read, 'StreamID', of) }
    }),
    raw,
  }
}

/** Reads an input of ADD_TASK or ADD_INPUT. "all", the default of the designer, is not the name of an attribute: discovery would find nothing. */
export function parseInput(input: unknown): Input {
  const what = 'the input'
  const fields = fieldsOf(input, what)
  const attributes = listIn(fields, 'AttributeList', what).map(String)
  return {
    type: textIn(fields, 'Type', what),
    id: textIn(fields, 'ID', what),
    attributes: attributes.length === 1 && attributes[0] === 'all' ? [] : attributes,
  }
}

/** What makes an input another one. */
export function inputKey({ type, id, attributes }: Input): string {
  return JSON.stringify([type, id, ...attributes])
}

function servicePortsOf(parameters: readonly unknown[]): number[] {
  const texts = parameters.flatMap((parameter, index) => {
    const what = `the task.Parameters[${index}]`
    const fields = fieldsOf(parameter, what)
    if (!SERVICE_PORT_NAMES.includes(String(fields.name))) return []
    return textIn(fields, 'value', what).split(';')
  })
  const ports = texts.map((text) => Number(text.trim()))
  return [...new Set(ports.filter((port) => Number.isInteger(port) && port > 0 && port < 65_536))]
}
