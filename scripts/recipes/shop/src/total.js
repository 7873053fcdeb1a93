export const total = (orders) => orders.reduce((sum, order) => sum + order.total, 0);
