/**
 * A resource as CloudFormation takes it. Plain data, so that it can be judged without the CDK and outlives its versions.
 * @internal
 */
export interface Resource {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
  readonly DependsOn?: readonly string[]
  readonly DeletionPolicy?: 'Delete' | 'Retain'
  readonly UpdateReplacePolicy?: 'Delete' | 'Retain'
}

/**
 * Resources by their logical ids.
 * @internal
 */
export type Resources = Readonly<Record<string, Resource>>

/** What an allowance or a property may be: text, or what CloudFormation computes. */
export type Value = string | Readonly<Record<string, unknown>>

/** What a function may do to what. Never a wildcard in an action. */
export interface Allowance {
  readonly actions: readonly string[]
  readonly resources: readonly Value[]
}

/** The reference to a resource: its name, URL or ARN, as CloudFormation has it for that type. */
export const ref = (logicalId: string): Value => ({ Ref: logicalId })

/** An attribute of a resource. */
export const attribute = (logicalId: string, name: string): Value => ({ 'Fn::GetAtt': [logicalId, name] })

/** The ARN of a resource. */
export const arn = (logicalId: string): Value => attribute(logicalId, 'Arn')

/** Text with `${…}` in it, which CloudFormation fills in. */
export const filled = (text: string): Value => ({ 'Fn::Sub': text })

/** A policy document that allows these. */
export function allowing(allowances: readonly Allowance[]): object {
  return {
    Version: '2012-10-17',
    Statement: allowances.map(({ actions, resources }) => ({ Effect: 'Allow', Action: actions, Resource: resources })),
  }
}

/**
 * What a function needs to be in a VPC. None of it can be confined to a network.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export const NETWORK_INTERFACES: Allowance = {
  actions: [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcs',
    'ec2:UnassignPrivateIpAddresses',
  ],
  resources: ['*'],
}
