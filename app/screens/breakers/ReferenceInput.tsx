/** The price from which a product's limits are measured: an example until the reader enters one. */
import { useState } from 'react';
import type { ProductCode } from '../../../engine/reference/instruments/cme-product.ts';
import { enterReference } from '../../state/breaker-store.ts';

interface ReferenceInputProps {
  readonly product: ProductCode;
  readonly price: string;
  readonly isExample: boolean;
}

export function ReferenceInput({ product, price, isExample }: ReferenceInputProps): React.ReactElement {
  const [typed, setTyped] = useState(price);
  return (
    <label className="breaker-reference">
      <span className="muted">{isExample ? 'example reference' : 'reference'}</span>
      <input
        className="input"
        inputMode="decimal"
        aria-label={`Reference price of ${product}`}
        aria-invalid={!/^\d{1,9}(\.\d{1,9})?$/.test(typed)}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => enterReference(product, typed)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') enterReference(product, typed);
        }}
      />
    </label>
  );
}
