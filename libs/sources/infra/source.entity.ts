import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CostBasis, DeliveryMode } from '../domain/source.events.js';

/** A row of the list of sources. */
@Entity('sources')
export class SourceEntity {
  @PrimaryColumn('text') name!: string;
  @Column('text', { name: 'display_name' }) displayName!: string;
  @Column('text') pattern!: string;
  @Column('text', { name: 'fund_org' }) fundOrg!: string;
  @Column('text', { name: 'account_code' }) accountCode!: string;
  @Column('text', { name: 'delivery_mode' }) deliveryMode!: DeliveryMode;
  @Column('text', { name: 'cost_basis' }) costBasis!: CostBasis;
  @Column('text', { name: 'date_format' }) dateFormat!: string;
  @Column('text', { name: 'line_id_column' }) lineIdColumn!: string;
  @Column('boolean', { name: 'inclusive_period_ends' }) inclusivePeriodEnds!: boolean;
  @Column('boolean') enabled!: boolean;
}
