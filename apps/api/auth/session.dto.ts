import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length, MaxLength } from 'class-validator';
import { type Role, ROLES, type SessionUser } from '#identity';

export class SignInRequest {
  @ApiProperty({
    description: 'Email address, or the name of a user of the configuration file.',
    example: 'ada@example.edu',
    maxLength: 254,
  })
  @IsString()
  @Length(1, 254)
  email!: string;

  @ApiProperty({ format: 'password', maxLength: 1024 })
  @IsString()
  @MaxLength(1024)
  password!: string;
}

export class ChangeOwnPasswordRequest {
  @ApiProperty({ format: 'password', maxLength: 1024 })
  @IsString()
  @MaxLength(1024)
  current!: string;

  @ApiProperty({
    format: 'password',
    maxLength: 1024,
    description: 'Must satisfy the configured requirements and differ from the current one.',
  })
  @IsString()
  @MaxLength(1024)
  new!: string;
}

class SignedInUser {
  @ApiProperty({ example: 'ada@example.edu' })
  email!: string;

  @ApiProperty({ example: 'Ada Lovelace' })
  displayName!: string;

  @ApiProperty({ enum: ROLES, enumName: 'Role' })
  role!: Role;

  static of({ email, displayName, role }: SessionUser): SignedInUser {
    return Object.assign(new SignedInUser(), { email, displayName, role });
  }
}

export class SessionInfo {
  @ApiProperty({ description: 'False: nobody is signed in, and the other fields are absent.' })
  signedIn!: boolean;

  @ApiPropertyOptional({ type: SignedInUser })
  user?: SignedInUser;

  @ApiPropertyOptional({ description: 'To be sent as the header x-csrf-token with every change.' })
  csrfToken?: string;

  @ApiPropertyOptional({
    description: 'The password no longer satisfies the requirements: nothing but changing it and signing out is allowed.',
  })
  mustChangePassword?: boolean;

  static signedOut(): SessionInfo {
    return Object.assign(new SessionInfo(), { signedIn: false });
  }

  static of(user: SessionUser, csrfToken: string): SessionInfo {
    const { mustChangePassword } = user;
    return Object.assign(new SessionInfo(), { signedIn: true, user: SignedInUser.of(user), csrfToken, mustChangePassword });
  }
}
