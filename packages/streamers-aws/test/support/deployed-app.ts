import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { StateStore } from '@boostercloud/streamers/state'
import { BoosterApp } from '../../../streamers/test/support/booster-app'
import { DynamoState } from '../../src'
import { FUNCTIONS_APP } from './functions-app'
import { credentials } from './tables'

/** One run of a handler. */
export interface Run {
  readonly by: string
  readonly of: string
  readonly n: number
  readonly isBad: boolean
}

const REGION = 'eu-west-1'

/** A built app, its functions called as Lambda calls them, on DynamoDB Local. */
export class DeployedApp {
  private readonly waiting = new Map<number, (answer: { answer?: unknown; error?: string }) => void>()
  private readonly client: { endpoint: string; region: string; credentials: typeof credentials }
  private calls = 0
  private eventsTable = ''
  private iterators: string[] = []
  private said = ''

  private constructor(
    private readonly app: BoosterApp,
    private readonly child: ChildProcess,
    private readonly name: string,
    dynamodb: string
  ) {
    this.client = { endpoint: dynamodb, region: REGION, credentials }
    child.on('message', (message: { number: number; answer?: unknown; error?: string }) => {
      this.waiting.get(message.number)?.(message)
    })
    child.stderr?.on('data', (chunk: Buffer) => (this.said += chunk.toString()))
  }

  /** Builds it, loads it, and makes the table of its events. */
  public static async start(
    dynamodb: string,
    kafka: string,
    env: Readonly<Record<string, string>> = {}
  ): Promise<DeployedApp> {
    const built = await BoosterApp.build(FUNCTIONS_APP)
    const name = `app${process.pid}${Date.now()}`
    const child = fork(join(__dirname, 'run-functions.cjs'), [], {
      cwd: built.folder,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        ...process.env,
        BOOSTER_ENV: 'production',
        APP_NAME: name,
        KAFKA: kafka,
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
        BOOSTER_STREAMERS_TABLE: `${name}-state`,
        BOOSTER_STREAMERS_STREAM: 'true',
        BOOSTER_STREAMERS_TIMEOUT_MS: '12000',
        ...env,
      },
    })
    const deployed = new DeployedApp(built, child, name, dynamodb)
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', () => reject(new Error(`The app ended: ${deployed.said}`)))
    })
    await deployed.makeEventsTable()
    return deployed
  }

  /** Calls a function. Rejects as it does. */
  public async call(id: string, address?: string, request: unknown = {}): Promise<unknown> {
    return this.ask({ work: 'call', id, address, request })
  }

  /** Stores events as a command does. */
  public async store(...orders: readonly { id: string; n: number }[]): Promise<void> {
    await this.ask({ work: 'store', orders })
  }

  /** The files of code that it has in memory. */
  public async loaded(): Promise<string[]> {
    return (await this.ask({ work: 'loaded' })) as string[]
  }

  /** A note is bad, or good again. */
  public async setBad(of: string, n: number, isBad: boolean): Promise<void> {
    const file = join(this.app.folder, `bad-${of}-${n}`)
    await (isBad ? writeFile(file, '') : rm(file))
  }

  /** What handlers were given, in order. */
  public async runs(): Promise<Run[]> {
    const text = await readFile(join(this.app.folder, 'handled.log'), 'utf8').catch(() => '')
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Run)
  }

  /** What handlers registered and Booster has stored. */
  public async received(): Promise<{ of: string; n: number; by: string }[]> {
    const client = new DynamoDBClient(this.client)
    const { Items = [] } = await client.send(new ScanCommand({ TableName: this.eventsTable, ConsistentRead: true }))
    client.destroy()
    return Items.map((item) => unmarshall(item))
      .filter(({ typeName }) => typeName === 'Received')
      .map(({ value }) => value as { of: string; n: number; by: string })
  }

  /** What the stream of the events table has told since it was asked last, as Lambda hands it over. */
  public async streamed(): Promise<{ Records: unknown[] }> {
    const client = new DynamoDBStreamsClient(this.client)
    if (this.iterators.length === 0) this.iterators = await this.fromTheBeginning(client)
    const records: unknown[] = []
    this.iterators = await Promise.all(
      this.iterators.map(async (iterator) => {
        const { Records = [], NextShardIterator = iterator } = await client.send(
          new GetRecordsCommand({ ShardIterator: iterator })
        )
        records.push(...Records)
        return NextShardIterator
      })
    )
    client.destroy()
    return { Records: records }
  }

  /** The app's state, to be closed by the caller. */
  public async state(): Promise<StateStore> {
    const { endpoint, region } = this.client
    const state = DynamoState.at({ endpoint, region, table: `${this.name}-state`, client: { credentials } })
    return state.open({ appName: this.name, environment: 'production' })
  }

  /** What its logger said. */
  public get log(): string {
    return this.said
  }

  public get folder(): string {
    return this.app.folder
  }

  public async stop(): Promise<void> {
    const exit = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.removeAllListeners('message')
    this.child.kill('SIGKILL')
    await exit
    await this.app.remove()
  }

  private ask(what: object): Promise<unknown> {
    this.calls += 1
    const number = this.calls
    return new Promise((resolve, reject) => {
      this.waiting.set(number, ({ answer, error }) => {
        this.waiting.delete(number)
        if (error === undefined) resolve(answer)
        else reject(new Error(error))
      })
      this.child.send({ number, ...what })
    })
  }

  /** As Booster's deployment makes it, without the indexes. */
  private async makeEventsTable(): Promise<void> {
    this.eventsTable = (await this.ask({ work: 'eventsTable' })) as string
    const client = new DynamoDBClient(this.client)
    await client.send(
      new CreateTableCommand({
        TableName: this.eventsTable,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'entityTypeName_entityID_kind', AttributeType: 'S' },
          { AttributeName: 'createdAt', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'entityTypeName_entityID_kind', KeyType: 'HASH' },
          { AttributeName: 'createdAt', KeyType: 'RANGE' },
        ],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      })
    )
    client.destroy()
  }

  private async fromTheBeginning(client: DynamoDBStreamsClient): Promise<string[]> {
    const { Streams = [] } = await client.send(new ListStreamsCommand({ TableName: this.eventsTable }))
    const arn = Streams[0]?.StreamArn
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: arn }))
    const shards = StreamDescription?.Shards ?? []
    return Promise.all(
      shards.map(async ({ ShardId }) => {
        const wish = { StreamArn: arn, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const
        return String((await client.send(new GetShardIteratorCommand(wish))).ShardIterator)
      })
    )
  }
}
