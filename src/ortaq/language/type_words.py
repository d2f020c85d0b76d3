# SPDX-License-Identifier: Apache-2.0
"""Words that say of what type a named thing is."""
