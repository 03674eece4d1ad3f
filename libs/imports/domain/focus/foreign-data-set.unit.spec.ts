import { describe, expect, it } from 'vitest';
import { read, refusal } from '../../testing/read-focus.js';

/** The first columns of real exports, as their providers' documentation lists them. */
const FOREIGN = [
  [
    'AWS',
    'FOCUS with AWS columns',
    'identity/LineItemId,bill/InvoiceId,bill/PayerAccountId,lineItem/UsageAccountId,lineItem/UnblendedCost',
  ],
  ['AWS', 'FOCUS with AWS columns', 'bill_bill_type,bill_billing_entity,line_item_usage_account_id,line_item_unblended_cost,product'],
  [
    'AWS',
    'FOCUS with AWS columns',
    'InvoiceID,PayerAccountId,LinkedAccountId,RecordType,ProductName,UsageStartDate,BlendedCost,UnBlendedCost',
  ],
  ['Cost Explorer', 'FOCUS with AWS columns', '"Service","EC2-Instances($)","S3($)","Total costs($)"'],
  [
    'Azure',
    '(FOCUS)',
    'InvoiceSectionName,AccountName,AccountOwnerId,SubscriptionId,Date,MeterCategory,MeterId,CostInBillingCurrency,Tags',
  ],
  [
    'Azure',
    '(FOCUS)',
    'invoiceId,billingAccountId,billingPeriodStartDate,consumedService,meterId,meterCategory,costInBillingCurrency,tags',
  ],
  [
    'Azure',
    '(FOCUS)',
    'SubscriptionGuid,ResourceGroup,ResourceLocation,UsageDateTime,MeterCategory,MeterSubcategory,MeterId,PreTaxCost,Tags',
  ],
  ['Azure', '(FOCUS)', 'Subscription Name,Subscription GUID,Meter ID,Meter Category,Cost'],
  ['Azure', '(FOCUS)', 'UsageDate,ServiceName,Cost,CostUSD,Currency'],
  [
    'Google Cloud',
    'FOCUS view',
    'billing_account_id,service.id,service.description,sku.id,usage_start_time,usage_end_time,project.id,cost',
  ],
  [
    'Google Cloud',
    'FOCUS view',
    'billing_account_id,service_id,service_description,usage_start_time,project_id,export_time,cost_type,cost',
  ],
  [
    'Google Cloud',
    'FOCUS view',
    'Billing account name,Billing account ID,Project name,Project ID,Service description,SKU description,Cost ($)',
  ],
  ['Google Cloud', 'FOCUS view', 'Invoice number,123456\nInvoice date,2026-08-31\n'],
  ['OCI', 'FOCUS Reports', 'lineItem/referenceNo,lineItem/tenantId,lineItem/intervalUsageStart,cost/myCost,cost/currencyCode'],
  ['IBM', 'FOCUS', 'Account Owner ID,Account Name,Billing Month,Currency Rate,Created Time,Version'],
  ['Alibaba', 'FOCUS', 'BillingCycle,AccountID,OwnerAccountName,ProductCode,InstanceID,PretaxGrossAmount,InvoiceDiscount,PretaxAmount'],
  ['Alibaba', 'FOCUS', 'Billing Cycle,Account Name,Product Name,Pretax Gross Amount,Pretax Amount,Outstanding Amount'],
  [
    'Databricks',
    'FOCUS query',
    'record_id,account_id,workspace_id,sku_name,cloud,usage_start_time,usage_end_time,custom_tags,usage_quantity',
  ],
  ['Databricks', 'FOCUS query', 'workspaceId,timestamp,clusterId,clusterName,sku,dbus,machineHours,tags'],
  ['Snowflake', 'FOCUS', 'ORGANIZATION_NAME,CONTRACT_NUMBER,ACCOUNT_LOCATOR,USAGE_DATE,USAGE,CURRENCY,USAGE_IN_CURRENCY'],
  ['Contract Commitment', 'Cost and Usage', 'ContractCommitmentId,ContractCommitmentType,ContractCommitmentCost,BillingCurrency'],
  [
    'Billing Period',
    'Cost and Usage',
    'BillingPeriodCreated,BillingPeriodEnd,BillingPeriodLastUpdated,BillingPeriodStart,BillingPeriodStatus,InvoiceIssuerName',
  ],
  [
    'Invoice Detail',
    'invoices import FILE -s SOURCE',
    'BilledCost,BillingAccountId,BillingCurrency,BillingPeriodEnd,BillingPeriodStart,ChargeCategory,InvoiceDetailDescription,InvoiceDetailGrain',
  ],
] as const;

describe('a file that is no FOCUS Cost and Usage', () => {
  it.each(FOREIGN)('is told to be of %s, with the advice “%s”: %s', async (whose, advice, header) => {
    for (const written of [header, header.toUpperCase()]) {
      const error = await refusal(`${written}\n`);
      expect(error).toMatchObject({ code: 'import.wrong-data-set' });
      expect(error.detail).toContain(whose);
      expect(error.detail).toContain(advice);
    }
  });

  it('is called by no name where its columns are those of nobody known', async () => {
    const error = await refusal('name,amount\nx,1\n');
    expect(error).toMatchObject({ code: 'import.missing-columns' });
    expect(error.detail).toContain('It has: name, amount.');
  });

  it('does not keep out a FOCUS file that carries native columns along', async () => {
    const header = 'BillingPeriodStart,BilledCost,lineItem/UsageAccountId,MeterId,MeterCategory,SubscriptionId,Total costs($)';
    const { reader } = await read(`${header}\n2025-01-01,1,a,b,c,d,e\n`);
    expect(reader.header.unknownColumns).toHaveLength(5);
  });
});
