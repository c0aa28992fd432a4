export { conformanceCases } from '../cases'
export type { ConformanceCase, Room } from '../harness/conformance-case'
export { assertDistinct, runColumn } from '../harness/conformance-column'
export type { ConformanceColumn, Verdict } from '../harness/conformance-column'
export type {
  Broker,
  ConnectorUnderTest,
  CreateOverrides,
  OtherProcess,
  OwnHostileRecord,
} from '../harness/connector-under-test'
export { asTexts } from '../hostile/raw-record'
export type { RawHeader, RawRecord, TextRecord } from '../hostile/raw-record'
export { missingNeeds } from '../harness/needs'
export type { Need } from '../harness/needs'
export type { OpenConnector } from '../bench/open-connector'
export type { ConformanceOptions } from '../harness/options'
export { runCase } from '../harness/run-case'
export type { CaseResult } from '../harness/run-case'
export type { ServiceParts } from '../services/parts'
export { SilentServer } from '../bench/silent-server'
export { testConnector } from '../harness/test-connector'
export { FOREIGN_VALUES, OWN_VALUES, REFUSED_VALUES } from '../values/table'
export type { ForeignValue, OwnValue } from '../values/table'
