import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsIn, IsISO8601, IsString, Length } from 'class-validator';
import { type ApiKeyRow, type Scope, SCOPES } from '#identity';
import { IfGiven } from './if-given.js';

export class IssueKeyRequest {
  @ApiProperty({ description: 'Says who uses the key.', example: 'HPC exporter', maxLength: 100 })
  @IsString()
  @Length(1, 100)
  name!: string;

  @ApiProperty({ enum: SCOPES, enumName: 'Scope', isArray: true })
  @IsArray()
  @ArrayNotEmpty()
  @IsIn(SCOPES, { each: true })
  scopes!: Scope[];

  @ApiPropertyOptional({ type: [String], description: 'Names of the sources it is bound to; left out: any.', example: ['hpc'] })
  @IfGiven()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  sources?: string[];

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Left out: never.' })
  @IfGiven()
  @IsISO8601({ strict: true })
  expiresAt?: string;
}

class KeyInfo implements ApiKeyRow {
  @ApiProperty({ example: '9f86d081884c7d65' })
  keyId!: string;

  @ApiProperty({ example: 'HPC exporter' })
  name!: string;

  @ApiProperty({ enum: SCOPES, enumName: 'Scope', isArray: true })
  scopes!: readonly Scope[];

  @ApiProperty({ type: [String], nullable: true, description: 'Null: any source.' })
  sources!: readonly string[] | null;

  @ApiProperty({ type: Date, nullable: true, description: 'Null: never.' })
  expiresAt!: Date | null;

  @ApiProperty({ type: Date, nullable: true })
  revokedAt!: Date | null;

  @ApiProperty()
  createdBy!: string;

  @ApiProperty()
  createdAt!: Date;
}

export class IssuedKeyInfo extends KeyInfo {
  @ApiProperty({ description: 'The key itself, shown this once: send it as “Authorization: Bearer …”.', example: 'ocb_9f86d081884c7d65_…' })
  token!: string;
}

export class KeyList {
  @ApiProperty({ type: [KeyInfo] })
  keys!: readonly KeyInfo[];
}
