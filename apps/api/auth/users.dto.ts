import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsString, Length, MaxLength } from 'class-validator';
import { type Role, ROLES, type UserRow } from '#identity';
import { IfGiven } from './if-given.js';

export class CreateUserRequest {
  @ApiProperty({ example: 'ada@example.edu', maxLength: 254 })
  @IsString()
  @Length(1, 254)
  email!: string;

  @ApiProperty({ example: 'Ada Lovelace', maxLength: 200 })
  @IsString()
  @Length(1, 200)
  displayName!: string;

  @ApiProperty({ enum: ROLES, enumName: 'Role' })
  @IsIn(ROLES)
  role!: Role;

  @ApiProperty({ format: 'password', maxLength: 1024, description: 'Must satisfy the configured requirements.' })
  @IsString()
  @MaxLength(1024)
  password!: string;
}

/** What is left out stays as it is. */
export class ChangeUserRequest {
  @ApiPropertyOptional({ maxLength: 200 })
  @IfGiven()
  @IsString()
  @Length(1, 200)
  displayName?: string;

  @ApiPropertyOptional({ enum: ROLES, enumName: 'Role' })
  @IfGiven()
  @IsIn(ROLES)
  role?: Role;

  @ApiPropertyOptional({ description: 'False: may not sign in; open sessions end.' })
  @IfGiven()
  @IsBoolean()
  enabled?: boolean;

  @ApiPropertyOptional({ format: 'password', maxLength: 1024, description: 'A new password; open sessions end. Not for the own account.' })
  @IfGiven()
  @IsString()
  @MaxLength(1024)
  password?: string;
}

export class UserInfo implements UserRow {
  @ApiProperty({ example: 'ada@example.edu' })
  email!: string;

  @ApiProperty({ example: 'Ada Lovelace' })
  displayName!: string;

  @ApiProperty({ enum: ROLES, enumName: 'Role' })
  role!: Role;

  @ApiProperty()
  enabled!: boolean;

  @ApiProperty({ description: 'The password did not satisfy the requirements at the last sign-in.' })
  mustChangePassword!: boolean;

  @ApiProperty()
  createdAt!: Date;

  @ApiProperty({ type: Date, nullable: true })
  lastSignInAt!: Date | null;
}

export class UserList {
  @ApiProperty({ type: [UserInfo] })
  users!: readonly UserInfo[];
}
