export { conformanceCases } from '../cases'
export type { ConformanceCase, Room } from '../conformance-case'
export { assertDistinct, runColumn } from '../conformance-column'
export type { ConformanceColumn, Verdict } from '../conformance-column'
export type {
  Broker,
  ConnectorUnderTest,
  CreateOverrides,
  OtherProcess,
  OwnHostileRecord,
} from '../connector-under-test'
export { asTexts } from '../hostile/raw-record'
export type { RawHeader, RawRecord, TextRecord } from '../hostile/raw-record'
export { missingNeeds } from '../needs'
export type { Need } from '../needs'
export type { OpenConnector } from '../open-connector'
export type { ConformanceOptions } from '../options'
export { runCase } from '../run-case'
export type { CaseResult } from '../run-case'
export type { ServiceParts } from '../services/parts'
export { SilentServer } from '../silent-server'
export { testConnector } from '../test-connector'
export { FOREIGN_VALUES, OWN_VALUES, REFUSED_VALUES } from '../values/table'
export type { ForeignValue, OwnValue } from '../values/table'
