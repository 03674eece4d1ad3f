import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { partArgument } from './part-argument.js';

describe('--part', () => {
  it.each([
    ['60% fund_org=MATH-200', { percent: '60', fundOrg: 'MATH-200' }],
    [
      ' rest  pi=Bob@x.edu project=wheel fund-org=BIO-1 cost_center=7 account=4711 ',
      { piEmail: 'Bob@x.edu', projectId: 'wheel', fundOrg: 'BIO-1', costCenter: '7', accountCode: '4711' },
    ],
    ['REST', {}],
    ['300 project="night sky"', { amount: '300', projectId: 'night sky' }],
    ["12.50 project='a b' Fund_Org=X=1", { amount: '12.5', projectId: 'a b', fundOrg: 'X=1' }],
    ['33.3333333333%', { percent: '33.3333333333' }],
  ])('reads %j', (text, part) => {
    expect(partArgument(text)).toEqual([part]);
  });

  it('is taken several times, in order', () => {
    expect(partArgument('rest', partArgument('60% pi=ada@x.edu'))).toEqual([{ percent: '60', piEmail: 'ada@x.edu' }, {}]);
  });

  it.each([
    ['', /needs a share/],
    ['   ', /needs a share/],
    ['fund_org=MATH-200', /“fund_org=MATH-200” is no share above zero/],
    ['60 % fund_org=A', /“%” says nothing of who pays/],
    ['0% pi=ada@x.edu', /“0%” is no share above zero/],
    ['-5', /“-5” is no share/],
    ['1,5%', /“1,5%” is no share/],
    ['%', /“%” is no share/],
    ['60% MATH-200', /“MATH-200” says nothing of who pays/],
    ['60% fund=MATH-200', /“fund=MATH-200” says nothing of who pays/],
    ['60% pi=a@x.edu pi=b@x.edu', /pi is there twice/],
    ['60% pi=a@x.edu pi_email=b@x.edu', /pi_email is there twice/],
    ['60% pi=', /pi is empty/],
    ['60% pi=""', /pi is empty/],
    ['60% project="night sky', /can’t be read/],
    ['60% project=a"b', /can’t be read/],
  ])('does not take %j', (text, reason) => {
    expect(() => partArgument(text)).toThrow(InvalidArgumentError);
    expect(() => partArgument(text)).toThrow(reason);
  });
});
